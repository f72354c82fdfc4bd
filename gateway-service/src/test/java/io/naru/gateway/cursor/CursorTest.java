package io.naru.gateway.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.gateway.http.ProblemException;
import io.naru.gateway.http.ProblemKind;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    private final CursorSigner signer = CursorSigner.of("a secret of all gateways");

    private static GroupCursor cursor() {
        Uuid topic = Uuid.randomUuid();
        return new GroupCursor(
                "readers",
                "aMember",
                7,
                Subscription.ofTopics(List.of("orders", "payments")),
                45_000,
                true,
                List.of(
                        new PartitionPosition(topic, new TopicPartition("orders", 0), 12),
                        new PartitionPosition(topic, new TopicPartition("orders", 3), Long.MAX_VALUE - 1),
                        new PartitionPosition(
                                Uuid.randomUuid(), new TopicPartition("payments", 0), PartitionPosition.UNKNOWN)));
    }

    @Test
    void groupCursorComesBackWhole() {
        GroupCursor cursor = cursor();
        assertThat(GroupCursor.decode(signer, cursor.encode(signer), "/cursor")).isEqualTo(cursor);
    }

    @Test
    void randomGroupCursorsComeBackWhole() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            List<PartitionPosition> positions = new ArrayList<>();
            for (int t = random.nextInt(4); t > 0; t--) {
                Uuid id = new Uuid(random.nextLong(), random.nextLong());
                for (int p = random.nextInt(20); p > 0; p--) {
                    positions.add(new PartitionPosition(
                            id,
                            new TopicPartition("t-é-" + t, random.nextInt(Integer.MAX_VALUE)),
                            (random.nextLong() >>> random.nextInt(1, 64)) - 1));
                }
            }
            GroupCursor cursor = new GroupCursor(
                    "g" + random.nextInt(),
                    "m" + random.nextInt(),
                    random.nextInt(Integer.MAX_VALUE),
                    random.nextBoolean() ? Subscription.ofPattern("a.*") : Subscription.ofTopics(List.of("a")),
                    random.nextInt(Integer.MAX_VALUE),
                    random.nextBoolean(),
                    positions);
            assertThat(GroupCursor.decode(signer, cursor.encode(signer), "/cursor"))
                    .as("seed %d, cursor %d", seed, i)
                    .isEqualTo(cursor);
        }
    }

    @Test
    void cursorsOfWideMembersStaySmall() {
        List<PartitionPosition> positions = new ArrayList<>();
        Uuid topic = Uuid.randomUuid();
        for (int p = 0; p < 100; p++) {
            positions.add(new PartitionPosition(topic, new TopicPartition("orders", p), 1_000_000L * p));
        }
        GroupCursor wide = new GroupCursor(
                "readers", "member", 7, Subscription.ofTopics(List.of("orders")), 45_000, true, positions);
        assertThat(wide.encode(signer)).hasSizeLessThan(1_000).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void topicCursorComesBackWhole() {
        TopicCursor cursor = new TopicCursor(Uuid.randomUuid(), "orders", new long[] {0, -1, 1L << 40});
        assertThat(TopicCursor.decode(signer, cursor.encode(signer), "from")).isEqualTo(cursor);
    }

    @Test
    void everyBitCounts() {
        byte[] good = Base64.getUrlDecoder().decode(cursor().encode(signer));
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertBad(Base64.getUrlEncoder().withoutPadding().encodeToString(bad));
        }
    }

    @Test
    void everyLengthCounts() {
        String good = cursor().encode(signer);
        for (int length = 1; length < good.length(); length++) {
            assertBad(good.substring(0, length));
        }
        assertBad(good + "AAAA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "not base64!", "AQ", "äöü", "AUc", "====", "AUcAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void whatIsNoCursorIsRefused(String text) {
        assertBad(text);
    }

    @Test
    void cursorOfAnotherClusterIsRefused() {
        String foreign = cursor().encode(CursorSigner.of("another secret, of others"));
        assertBad(foreign);
    }

    @Test
    void oneKindIsNotTakenForTheOther() {
        String ofTopic = new TopicCursor(Uuid.randomUuid(), "orders", new long[] {1}).encode(signer);
        assertBad(ofTopic);
        String ofGroup = cursor().encode(signer);
        assertThatThrownBy(() -> TopicCursor.decode(signer, ofGroup, "from"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().kind()).isEqualTo(ProblemKind.BAD_CURSOR));
    }

    private void assertBad(String text) {
        assertThatThrownBy(() -> GroupCursor.decode(signer, text, "/cursor"))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().kind()).isEqualTo(ProblemKind.BAD_CURSOR);
                    assertThat(e.problem().detail()).startsWith("/cursor ");
                });
    }
}
