package io.naru.protocol.server;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/** The handlers of a listener by API key. ApiVersions is answered here, from the table itself, so that it is always true. */
final class HandlerTable {

    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private final Map<ApiKeys, RequestHandler<?>> handlers = new EnumMap<>(ApiKeys.class);
    private final List<ApiVersion> versions;
    private final List<Integer> extensions;
    private final ServerFeatures features;

    HandlerTable(Collection<? extends RequestHandler<?>> all, ServerFeatures features) {
        this.features = features;
        handlers.put(ApiKeys.API_VERSIONS, new ApiVersionsHandler());
        for (RequestHandler<?> handler : all) {
            if (handlers.put(handler.apiKey(), handler) != null) {
                throw new IllegalArgumentException("two handlers for " + handler.apiKey());
            }
        }
        versions = handlers.values().stream()
                .map(h -> new ApiVersion()
                        .setApiKey(h.apiKey().id)
                        .setMinVersion(h.versionMin())
                        .setMaxVersion(h.versionMax()))
                .toList();
        extensions = handlers.values().stream()
                .flatMap(h -> h.extensions().stream())
                .sorted()
                .toList();
    }

    Optional<RequestHandler<?>> handler(ApiKeys apiKey) {
        return Optional.ofNullable(handlers.get(apiKey));
    }

    /** The answer to ApiVersions in a version this server does not have: version 0, error 35, and what it does have (KIP-511). */
    ApiVersionsResponseData unsupportedApiVersions() {
        return apiVersions().setErrorCode(Errors.UNSUPPORTED_VERSION.code());
    }

    private ApiVersionsResponseData apiVersions() {
        ApiVersionCollection keys = new ApiVersionCollection(versions.size());
        versions.forEach(v -> keys.add(v.duplicate()));
        ApiVersionsResponseData answer = new ApiVersionsResponseData().setApiKeys(keys);
        features.tell(answer);
        return answer;
    }

    /** ApiVersions, versions 0–4: 3 adds the client's software name and version (KIP-511), 4 fixes feature ranges. */
    private final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequestData> {

        @Override
        public ApiKeys apiKey() {
            return ApiKeys.API_VERSIONS;
        }

        @Override
        public CompletionStage<ApiMessage> handle(ApiVersionsRequestData request, RequestContext context) {
            if (context.apiVersion() >= 3
                    && !(SOFTWARE.matcher(request.clientSoftwareName()).matches()
                            && SOFTWARE.matcher(request.clientSoftwareVersion()).matches())) {
                return CompletableFuture.completedFuture(
                        new ApiVersionsResponseData().setErrorCode(Errors.INVALID_REQUEST.code()));
            }
            ApiVersionsResponseData answer = apiVersions();
            if (context.apiVersion() >= 3) {
                extensions.forEach(tag -> answer.unknownTaggedFields().add(new RawTaggedField(tag, new byte[0])));
            }
            return CompletableFuture.completedFuture(answer);
        }
    }
}
