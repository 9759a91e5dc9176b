package dev.serai.connector;

import java.util.Optional;
import java.util.regex.Pattern;

import org.apache.camel.Component;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * How do Kamelets reach their sources over HTTP? Each address is checked and just that one connected to; no cookie is
 * kept, since endpoints are shared between connectors; no redirect is followed unless the endpoint says so, and then only
 * within the host; no path goes upwards; the times of the config hold; headers of ours stay here.
 */
final class HttpConnections implements ComponentCustomizer {
    private static final int MAX_CONNECTIONS = 400;
    private static final int MAX_PER_HOST = 50;

    /** A segment of the path that a server may take for "the folder above", which would leave what the Kamelet calls. */
    private static final Pattern UPWARDS =
            Pattern.compile("^[^?#]*(/|\\\\|%2f|%5c)(\\.|%2e){2}(/|\\\\|%2f|%5c|;|[?#]|$)", Pattern.CASE_INSENSITIVE);

    private final EgressPolicy egress;
    private final PoolingHttpClientConnectionManager connections;

    HttpConnections(EgressPolicy egress) {
        this.egress = egress;
        this.connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(OutboundRoutes.resolver(egress))
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_PER_HOST)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setTimeToLive(TimeValue.ofMinutes(5))
                        // Requests are not repeated, so a connection that the source has closed must not be used.
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build())
                .build();
    }

    @Override
    public boolean isEnabled(String name, Component target) {
        return target instanceof HttpComponent;
    }

    @Override
    public void configure(String name, Component target) {
        HttpComponent http = (HttpComponent) target;
        http.setClientConnectionManager(connections);
        http.setCookieManagementDisabled(true);
        http.setAuthCachingDisabled(true);
        http.setAutomaticRetriesDisabled(true);
        http.setFollowRedirects(false);
        http.setHeaderFilterStrategy(OwnHeaders.kept());
        http.setHttpClientConfigurer(this::configure);
    }

    private void configure(HttpClientBuilder client) {
        OutboundRoutes.apply(client, egress);
        client.setRedirectStrategy(new SameHostRedirects());
        client.addExecInterceptorFirst("connector-paths", (request, scope, chain) -> {
            if (UPWARDS.matcher(request.getRequestUri()).find()) {
                throw new FailureException(new Failure.Source(
                        Failure.Layer.READ,
                        "path_refused",
                        "The request or the page brings a '..' into the path of the address.",
                        false));
            }
            return chain.proceed(request, scope);
        });
        client.addExecInterceptorLast("connector-ends", (request, scope, chain) -> {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            HttpEntity body = answer.getEntity();
            boolean marked = body == null
                    || body.getContentLength() >= 0
                    || body.isChunked()
                    || "gzip".equalsIgnoreCase(body.getContentEncoding());
            if (!marked) {
                OngoingCall.current().ifPresent(OngoingCall::endsUnmarked);
            }
            return answer;
        });
        client.addExecInterceptorFirst("connector-times", (request, scope, chain) -> {
            Optional<OngoingCall> call = OngoingCall.current();
            call.ifPresent(ongoing -> ongoing.onAbort(end(scope)));
            CallTimes times = call.map(OngoingCall::times).orElse(CallTimes.DEFAULT);
            RequestConfig base = scope.clientContext.getRequestConfigOrDefault();
            scope.clientContext.setRequestConfig(RequestConfig.copy(base)
                    .setMaxRedirects(5)
                    .setConnectTimeout(Timeout.of(times.connect()))
                    .setResponseTimeout(Timeout.of(times.read()))
                    .build());
            return chain.proceed(request, scope);
        });
    }

    /** Drops the connection, or the wait for one; nothing where the answer has been read to its end. */
    private static Runnable end(ExecChain.Scope scope) {
        return scope.originalRequest instanceof Cancellable request
                ? request::cancel
                : scope.execRuntime::discardEndpoint;
    }
}
