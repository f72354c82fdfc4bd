package io.naru.system.backend;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** Calls of every kind, right and wrong ones. */
final class HttpProgram {

    private static final String NDJSON = "application/x-ndjson";
    private static final String V2_JSON = "application/vnd.kafka.json.v2+json";
    private static final String V2 = "application/vnd.kafka.v2+json";

    private final HttpTranscript http;

    private HttpProgram(HttpTranscript http) {
        this.http = http;
    }

    static void run(HttpTranscript http) throws IOException {
        HttpProgram program = new HttpProgram(http);
        program.topics();
        program.oneRecord();
        program.manyRecords();
        program.writtenOnce();
        program.pages();
        program.streams();
        program.groups();
        program.version2();
        program.version2Consumers();
        program.version3();
        program.mistakes();
        program.end();
    }

    private void topics() throws IOException {
        http.call("PUT", "/v1/topics/t", "{\"partitions\":2}");
        http.call("PUT", "/v1/topics/t", "{\"partitions\":2}");
        http.call("PUT", "/v1/topics/t", "{\"partitions\":3}");
        http.call("PUT", "/v1/topics/one", "{\"partitions\":1,\"configs\":{\"max.message.bytes\":2000}}");
        http.call("PUT", "/v1/topics/gone", "{\"partitions\":1}");
        http.call("DELETE", "/v1/topics/gone", null);
        http.call("DELETE", "/v1/topics/gone", null);
        http.get("/v1/topics/gone");
        http.get("/v1/topics/t");
        http.call("PUT", "/v1/topics/a%20b", "{}");
        http.call("PUT", "/v1/topics/bad", "{\"partitions\":0}");
        http.call("PUT", "/v1/topics/bad", "{\"partitions\":1,\"configs\":{\"nonsense\":1}}");
        http.call("PUT", "/v1/topics/bad", "{\"partitions\":1,\"configs\":{\"retention.ms\":\"x\"}}");
        http.call("PUT", "/v1/topics/bad", "{\"partitions\":1,\"replication_factor\":5}");
        http.call("PUT", "/v1/topics/bad", "{\"partitions\":1000000}");
    }

    private void oneRecord() throws IOException {
        http.post("/v1/topics/t/records?partition=0", "hello world");
        http.post("/v1/topics/t/records?partition=0", "a=1&b=2", "Content-Type", "application/x-www-form-urlencoded");
        http.post("/v1/topics/t/partitions/0/records?key=k&timestamp=1700000000000", "v", "Record-Header-A", "b");
        http.post("/v1/topics/t/records?key=%EB%82%98%EB%A3%A8", "keyed");
        http.post("/v1/topics/t/records?partition=1&acks=1", "acks 1");
        http.post("/v1/topics/t/records?partition=1&tombstone=true&key=k", "");
        http.post("/v1/topics/t/records?partition=0", "");
        http.post("/v1/topics/one/records", "x".repeat(3000));
        http.post("/v1/topics/one/records", "x".repeat(1000));
        http.post("/v1/topics/none/records", "x");
        http.post("/v1/topics/t/records?partition=2", "x");
        http.post("/v1/topics/t/partitions/99/records", "x");
        http.post("/v1/topics/__consumer_offsets/records", "x");
        http.post("/v1/topics/t/records?partition=0&timestamp=4102444800000", "too late");
    }

    private void manyRecords() throws IOException {
        http.post("/v1/topics/t/records", """
                {"key":"a","value":{"n":1},"partition":0}
                {"key":"b","value":"text","headers":{"h":"1"},"partition":0}
                {"value":{"$binary":"AAH/"},"partition":0}
                {"value":
                {"value":7,"partition":9}
                {"value":7,"colour":1}
                {"key":"c","value":null,"partition":0}
                """, "Content-Type", NDJSON);
        http.post(
                "/v1/topics/one/records",
                "{\"value\":1}\n{\"value\":\"" + "x".repeat(3000) + "\"}\n{\"value\":3}\n",
                "Content-Type",
                NDJSON);
    }

    private void writtenOnce() throws IOException {
        http.call("PUT", "/v1/topics/once", "{\"partitions\":1}");
        http.post("/v1/topics/once/records", "a", "Idempotency-Key", "k1");
        http.post("/v1/topics/once/records", "a", "Idempotency-Key", "k1");
        http.post("/v1/topics/once/records", "b", "Idempotency-Key", "k1");
        http.post("/v1/topics/once/records", "c", "Idempotency-Key", "k2");
        String id = http.post("/v1/producers", "").path("producer_id").asString();
        for (int sequence : new int[] {0, 0, 1, 3, 2}) {
            http.post(
                    "/v1/topics/once/records?partition=0",
                    "s" + sequence,
                    "Producer-Id",
                    id,
                    "Producer-Epoch",
                    "0",
                    "Producer-Seq",
                    Integer.toString(sequence));
        }
        http.call("PUT", "/v1/topics/conditional", "{\"partitions\":1}");
        http.post("/v1/topics/conditional/records?partition=0", "x", "If-Match", "\"0\"");
        http.post("/v1/topics/conditional/records?partition=0", "x", "If-Match", "\"0\"");
        http.get("/v1/topics/once/records?from=earliest");
    }

    private void pages() throws IOException {
        http.get("/v1/topics/t/partitions/0/records");
        JsonNode nothing = http.get("/v1/topics/t/partitions/0/records?offset=1&limit=2");
        http.get("/v1/topics/t/partitions/0/records?offset=" + (2 + nothing.size()) + "&limit=1", "Accept", NDJSON);
        http.get(
                "/v1/topics/t/partitions/0/records?offset=0&until=1&limit=1", "If-None-Match", "\"0-0-1-1-AUTO-AUTO\"");
        http.get("/v1/topics/t/partitions/0/records?tail=2&value_format=base64&key_format=text");
        http.get("/v1/topics/t/partitions/0/records?offset=0&until=2");
        http.get("/v1/topics/t/partitions/0/records?offset=0&limit=3&max_bytes=1");
        http.get("/v1/topics/t/partitions/0/records?timestamp=1700000000000&limit=1");
        http.get("/v1/topics/t/partitions/0/records?timestamp=2100-01-01T00:00:00Z");
        http.get("/v1/topics/t/partitions/0/records?offset=9&wait=100");
        http.get("/v1/topics/t/partitions/0/records?offset=1000000");
        http.get("/v1/topics/t/partitions/9/records");
        http.get("/v1/topics/none/partitions/0/records");
        http.get("/v1/topics/t/partitions/0/records?isolation=read_committed&limit=1");
        http.get("/v1/topics/t/partitions/0/records/0");
        http.get("/v1/topics/t/partitions/0/records/0", "Accept", "application/octet-stream");
        http.get("/v1/topics/t/partitions/0/records/1000");
        http.get("/v1/topics/t/partitions/0/records?value_format=json");
        http.get("/v1/topics/one/partitions/0/records");
    }

    private void streams() throws IOException {
        http.get("/v1/topics/t/records?from=earliest");
        http.get("/v1/topics/t/records?from=earliest", "Accept", "text/event-stream");
        http.get("/v1/topics/t/records?from=0:3,1:1");
        http.get("/v1/topics/t/records", "Accept", "text/event-stream", "Last-Event-ID", "0:7,1:1");
        http.get("/v1/topics/t/records?from=latest");
        http.get("/v1/topics/none/records");
        http.get("/v1/topics/t/records?from=nonsense");
    }

    private void groups() throws IOException {
        String poll = "/v1/groups/g/poll";
        String begin = "{\"topics\":[\"t\"],\"from\":\"earliest\",\"max_records\":3,\"wait_ms\":20000";
        JsonNode first = http.json(poll, begin + "}");
        String cursor = first.path("cursor").asString();
        String again = begin + ",\"member\":\"" + first.path("member").asString() + "\"";
        http.json(poll, again + ",\"cursor\":\"" + cursor + "\"}");
        JsonNode next = http.json(poll, again + ",\"cursor\":\"" + cursor + "\",\"ack\":\"" + cursor + "\"}");
        http.json("/v1/groups/g/ack", "{\"cursor\":\"" + next.path("cursor").asString() + "\"}");
        http.json(poll, again + ",\"cursor\":\"nonsense\"}");
        http.json(poll, "{}");
        http.json("/v1/groups/other/poll", again + ",\"cursor\":\"" + cursor + "\"}");
        http.call("DELETE", "/v1/groups/g/members/" + first.path("member").asString(), null);
    }

    private void version2() throws IOException {
        http.get("/topics");
        http.get("/topics/t/partitions");
        http.get("/topics/t/partitions/1");
        http.get("/topics/t/partitions/7");
        http.get("/topics/t/partitions/0/offsets");
        http.get("/topics/none");
        http.get("/brokers");
        http.post(
                "/topics/t",
                "{\"records\":[{\"key\":\"k\",\"value\":{\"a\":1},\"partition\":1},{\"value\":1,\"partition\":9}]}",
                "Content-Type",
                V2_JSON);
        http.post(
                "/topics/t/partitions/1",
                "{\"records\":[{\"value\":\"AAEC\"}]}",
                "Content-Type",
                "application/vnd.kafka.binary.v2+json");
        http.post("/topics/t", "{\"records\":[]}", "Content-Type", V2_JSON);
        http.post("/topics/none", "{\"records\":[{\"value\":1}]}", "Content-Type", V2_JSON);
        http.post("/topics/one", "{\"records\":[{\"value\":\"" + "x".repeat(3000) + "\"}]}", "Content-Type", V2_JSON);
    }

    private void version2Consumers() throws IOException {
        http.call("PUT", "/v1/topics/v2", "{\"partitions\":1}");
        http.post("/topics/v2", "{\"records\":[{\"value\":1},{\"value\":2}]}", "Content-Type", V2_JSON);
        String group = "/consumers/cg";
        http.post(
                group, "{\"name\":\"c1\",\"format\":\"json\",\"auto.offset.reset\":\"earliest\"}", "Content-Type", V2);
        http.post(group, "{\"name\":\"c1\"}", "Content-Type", V2);
        String instance = group + "/instances/c1";
        http.get(instance + "/records", "Accept", V2_JSON);
        http.post(instance + "/subscription", "{\"topics\":[\"v2\"]}", "Content-Type", V2);
        http.get(instance + "/subscription");
        http.until("\"v2\"", "GET", instance + "/records?timeout=5000", null, "Accept", V2_JSON);
        http.get(instance + "/assignments");
        http.post(instance + "/offsets", "", "Content-Type", V2);
        http.call(
                "GET",
                instance + "/offsets",
                "{\"partitions\":[{\"topic\":\"v2\",\"partition\":0}]}",
                "Content-Type",
                V2);
        http.post(
                instance + "/positions/beginning",
                "{\"partitions\":[{\"topic\":\"v2\",\"partition\":0}]}",
                "Content-Type",
                V2);
        http.get(instance + "/records?timeout=5000", "Accept", V2_JSON);
        http.post(
                instance + "/positions",
                "{\"offsets\":[{\"topic\":\"v2\",\"partition\":7,\"offset\":0}]}",
                "Content-Type",
                V2);
        http.post(
                instance + "/assignments", "{\"partitions\":[{\"topic\":\"v2\",\"partition\":0}]}", "Content-Type", V2);
        http.call("DELETE", instance, null);
        http.call("DELETE", instance, null);
    }

    private void version3() throws IOException {
        String topic = "/v3/clusters/" + http.cluster() + "/topics/";
        http.json(
                topic + "t/records",
                "{\"partition_id\":1,\"value\":{\"type\":\"JSON\",\"data\":1}}{\"value\":{\"type\":\"BINARY\",\"data\":\"*\"}}"
                        + "{\"partition_id\":9}{\"nonsense\":1}");
        http.json(
                topic + "t/records:batch",
                "{\"entries\":[{\"id\":\"a\",\"partition_id\":1,\"value\":{\"type\":\"STRING\",\"data\":\"x\"}},"
                        + "{\"id\":\"b\",\"partition_id\":9}]}");
        http.json(topic + "none/records", "{\"value\":null}");
        http.json("/v3/clusters/other/topics/t/records", "{\"value\":null}");
        http.json(topic + "t/records", "");
        http.json(topic + "one/records", "{\"value\":{\"type\":\"STRING\",\"data\":\"" + "x".repeat(3000) + "\"}}");
    }

    private void mistakes() throws IOException {
        for (String query : new String[] {
            "partition=x",
            "partition=",
            "partition=2147483648",
            "partition=1.5",
            "partition=-7",
            "timestamp=yesterday",
            "acks=2",
            "partition=0&partition=0",
            "nonsense=1",
            "timeout=0"
        }) {
            http.post("/v1/topics/t/records?" + query, "x");
        }
        for (String query : new String[] {"offset=-5", "offset=abc", "offset=9223372036854775808", "max_bytes=-1"}) {
            http.get("/v1/topics/t/partitions/0/records?" + query);
        }
        for (String name : new String[] {"a%20b", "%C3%A9", "x".repeat(250), "a%00b", "a%2fb", "%2e%2e", "a:b"}) {
            http.post("/v1/topics/" + name + "/records", "x");
            http.get("/v1/topics/" + name);
        }
        http.post("/v1/topics/t/records", "x", "Content-Encoding", "gzip");
        http.call("PATCH", "/v1/topics/t/records", "x");
        http.get("/v1/nope");
        http.get("/v1/topics/t", "Accept", "application/xml");
        http.post("/v1/transactions", "{}");
    }

    private void end() throws IOException {
        http.get("/v1/topics/t");
        http.get("/v1/topics/one");
    }
}
