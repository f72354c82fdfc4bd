package io.naru.admin.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.admin.AdminServer;
import io.naru.admin.AdminServer.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What holds for all answers of v3. */
final class V3Answers {

    private V3Answers() {}

    /** An error of this status and code that says what is wrong and shows nothing of what is inside. */
    static void error(Answer answer, int status, int errorCode) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().propertyNames()).containsExactly("error_code", "message");
        assertThat(answer.json().get("error_code").asInt()).isEqualTo(errorCode);
        assertThat(answer.json().get("message").asString()).isNotBlank().doesNotContain("io.naru", "Exception");
    }

    /** A field of every member of a list, over all its pages; {@code path} asks for the first. */
    static List<String> all(AdminServer admin, String path, String field) {
        List<String> found = new ArrayList<>();
        @Nullable String next = admin.url() + path;
        while (next != null) {
            Answer answer = admin.get(next.substring(admin.url().toString().length()));
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            JsonNode list = answer.json();
            list.get("data").forEach(member -> found.add(member.get(field).asString()));
            next = list.at("/metadata/next").isNull()
                    ? null
                    : list.at("/metadata/next").asString();
        }
        return found;
    }
}
