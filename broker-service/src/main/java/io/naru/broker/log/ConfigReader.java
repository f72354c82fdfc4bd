package io.naru.broker.log;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;

/** Typed reading of topic configuration; every complaint names the key. */
record ConfigReader(Map<String, String> configs) {

    String text(String key, String absent) {
        return configs.getOrDefault(key, absent).trim();
    }

    int intOf(String key, int absent, int least) {
        long value = longOf(key, absent, least);
        if (value > Integer.MAX_VALUE) {
            throw invalid(key, Long.toString(value), null);
        }
        return (int) value;
    }

    long longOf(String key, long absent, long least) {
        String value = text(key, Long.toString(absent));
        try {
            long number = Long.parseLong(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid(key, value, e);
        }
        throw invalid(key, value, null);
    }

    double ratio(String key, double absent) {
        String value = text(key, Double.toString(absent));
        try {
            double number = Double.parseDouble(value);
            if (number >= 0 && number <= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid(key, value, e);
        }
        throw invalid(key, value, null);
    }

    boolean flag(String key) {
        return Boolean.parseBoolean(text(key, "false"));
    }

    TimestampType timestampType(String key) {
        String value = text(key, TimestampType.CREATE_TIME.name);
        for (TimestampType type : new TimestampType[] {TimestampType.CREATE_TIME, TimestampType.LOG_APPEND_TIME}) {
            if (type.name.equals(value)) {
                return type;
            }
        }
        throw invalid(key, value, null);
    }

    Optional<Compression> compression() {
        String value = text("compression.type", "producer");
        return switch (value) {
            case "producer" -> Optional.empty();
            case "uncompressed", "none" -> Optional.of(Compression.NONE);
            case "gzip" -> Optional.of(Compression.gzip().level(level("gzip")).build());
            case "lz4" -> Optional.of(Compression.lz4().level(level("lz4")).build());
            case "zstd" -> Optional.of(Compression.zstd().level(level("zstd")).build());
            case "snappy" -> Optional.of(Compression.snappy().build());
            default -> throw invalid("compression.type", value, null);
        };
    }

    private int level(String codec) {
        CompressionType type = CompressionType.forName(codec);
        String key = "compression." + codec + ".level";
        long value = longOf(key, type.defaultLevel(), Integer.MIN_VALUE);
        if ((value < type.minLevel() && value != type.defaultLevel()) || value > type.maxLevel()) {
            throw invalid(key, Long.toString(value), null);
        }
        return (int) value;
    }

    private static IllegalArgumentException invalid(String key, String value, @Nullable Throwable cause) {
        return new IllegalArgumentException("configuration " + key + " cannot be '" + value + "'", cause);
    }
}
