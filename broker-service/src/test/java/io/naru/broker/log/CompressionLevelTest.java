package io.naru.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.log.batch.BatchValidator;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionLevelTest {

    private static final long NOW = 1_700_000_000_000L;

    @ParameterizedTest
    @CsvSource({"gzip, 1, 9", "lz4, 1, 17", "zstd, 1, 19"})
    void aHigherLevelPacksTighter(String codec, String low, String high) {
        assertThat(packed(codec, high)).isLessThan(packed(codec, low));
    }

    private static int packed(String codec, String level) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            text.append(Integer.toString(random.nextInt(300), 36)).append(random.nextBoolean() ? " " : ",");
        }
        LogConfig config = LogConfig.from(Map.of("compression.type", codec, "compression." + codec + ".level", level));
        return BatchValidator.validate(Batches.of(NOW, text.toString()).buffer(), config.batchRules(), NOW)
                .sizeInBytes();
    }
}
