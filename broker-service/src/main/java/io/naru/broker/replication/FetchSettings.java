package io.naru.broker.replication;

/**
 * How followers fetch.
 *
 * @param brokerId          this broker
 * @param partitionBytesMax {@code replica.fetch.max.bytes}: most bytes of one partition in one answer, but for one whole batch
 * @param responseBytesMax  {@code replica.fetch.response.max.bytes}: most bytes of one answer, but for one whole batch
 * @param waitMsMax         {@code replica.fetch.wait.max.ms}: how long a leader holds a fetch that finds nothing
 */
public record FetchSettings(int brokerId, int partitionBytesMax, int responseBytesMax, int waitMsMax) {

    /** Kafka's defaults. */
    public static FetchSettings of(int brokerId) {
        return new FetchSettings(brokerId, 1024 * 1024, 10 * 1024 * 1024, 500);
    }
}
