package io.naru.gateway.consumer;

import io.naru.gateway.http.MediaTypes;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of records that {@code Accept} asks for. */
final class AcceptedForm {

    private AcceptedForm() {}

    /**
     * The form; null when any will do.
     *
     * @throws io.naru.gateway.http.ProblemException 406 when it is none that there is
     */
    static @Nullable RecordForm of(HttpServletRequest request, boolean strimzi) {
        List<String> offered =
                new ArrayList<>(List.of(ConsumerAnswers.V2, MediaTypes.JSON, "application/vnd.kafka+json"));
        for (RecordForm form : RecordForm.values()) {
            if (form != RecordForm.TEXT || strimzi) {
                offered.add(form.mediaType());
            }
        }
        String chosen = MediaTypes.choose(request, offered);
        for (RecordForm form : RecordForm.values()) {
            if (chosen.equals(form.mediaType())) {
                return form;
            }
        }
        return null;
    }
}
