package io.naru.broker.kafka;

import io.naru.protocol.server.RequestContext;
import io.naru.protocol.server.RequestHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a cluster without an authorizer, authentication, quotas and transactions answers about them, which is what Apache Kafka answers: that
 * they are switched off, or that there are none. APIs that would set them up are not served.
 */
final class WithoutSecurity {

    private static final String NO_AUTHORIZER = "No Authorizer is configured.";

    private WithoutSecurity() {}

    static List<RequestHandler<?>> handlers() {
        return List.of(
                answer(
                        ApiKeys.DESCRIBE_ACLS,
                        request -> new DescribeAclsResponseData()
                                .setErrorCode(Errors.SECURITY_DISABLED.code())
                                .setErrorMessage(NO_AUTHORIZER)),
                answer(
                        ApiKeys.CREATE_ACLS,
                        request -> new CreateAclsResponseData()
                                .setResults(((CreateAclsRequestData) request)
                                        .creations().stream()
                                                .map(wanted -> new AclCreationResult()
                                                        .setErrorCode(Errors.SECURITY_DISABLED.code())
                                                        .setErrorMessage(NO_AUTHORIZER))
                                                .toList())),
                answer(
                        ApiKeys.DELETE_ACLS,
                        request -> new DeleteAclsResponseData()
                                .setFilterResults(((DeleteAclsRequestData) request)
                                        .filters().stream()
                                                .map(wanted -> new DeleteAclsFilterResult()
                                                        .setErrorCode(Errors.SECURITY_DISABLED.code())
                                                        .setErrorMessage(NO_AUTHORIZER))
                                                .toList())),
                answer(
                        ApiKeys.CREATE_DELEGATION_TOKEN,
                        request -> new CreateDelegationTokenResponseData()
                                .setPrincipalType("User")
                                .setPrincipalName("ANONYMOUS")
                                .setErrorCode(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code())),
                answer(
                        ApiKeys.RENEW_DELEGATION_TOKEN,
                        request -> new RenewDelegationTokenResponseData()
                                .setErrorCode(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code())),
                answer(
                        ApiKeys.EXPIRE_DELEGATION_TOKEN,
                        request -> new ExpireDelegationTokenResponseData()
                                .setErrorCode(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code())),
                answer(
                        ApiKeys.DESCRIBE_DELEGATION_TOKEN,
                        request -> new DescribeDelegationTokenResponseData()
                                .setErrorCode(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code())),
                answer(
                        ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                        request -> new DescribeClientQuotasResponseData()
                                .setErrorMessage(null)
                                .setEntries(List.of())),
                answer(
                        ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        request -> new DescribeUserScramCredentialsResponseData()
                                .setErrorMessage(null)
                                .setResults(List.of())),
                answer(ApiKeys.LIST_TRANSACTIONS, request -> new ListTransactionsResponseData()));
    }

    private static RequestHandler<?> answer(ApiKeys apiKey, Function<ApiMessage, ApiMessage> answer) {
        return new RequestHandler<ApiMessage>() {

            @Override
            public ApiKeys apiKey() {
                return apiKey;
            }

            @Override
            public CompletionStage<ApiMessage> handle(ApiMessage request, RequestContext context) {
                return CompletableFuture.completedFuture(answer.apply(request));
            }
        };
    }
}
