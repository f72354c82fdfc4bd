package io.naru.admin.openapi;

import io.naru.admin.v3.PageRequest;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import java.math.BigDecimal;
import java.util.Arrays;
import org.springframework.web.method.HandlerMethod;

/** The parameters of lists that come in pages. */
final class PageParameters {

    private PageParameters() {}

    /** Documents them if {@code method} takes a {@link PageRequest}. */
    static Operation add(Operation operation, HandlerMethod method) {
        boolean pages = Arrays.stream(method.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == PageRequest.class);
        if (pages) {
            Schema<Object> size = new Schema<>(SpecVersion.V31);
            size.addType("integer");
            size.setFormat("int32");
            size.setMinimum(BigDecimal.ONE);
            size.setMaximum(BigDecimal.valueOf(PageRequest.SIZE_MAX));
            Schema<Object> token = new Schema<>(SpecVersion.V31);
            token.addType("string");
            operation.addParametersItem(new QueryParameter()
                    .name(PageRequest.SIZE)
                    .description("Most members of the list; all of them if not given.")
                    .schema(size));
            operation.addParametersItem(new QueryParameter()
                    .name(PageRequest.TOKEN)
                    .description("Where the page begins; metadata.next has it.")
                    .schema(token));
        }
        return operation;
    }
}
