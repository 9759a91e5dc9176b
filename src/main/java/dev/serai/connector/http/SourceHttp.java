package dev.serai.connector.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

import dev.serai.connector.EgressPolicy;
import dev.serai.connector.OutboundRoutes;
import dev.serai.connector.SourceFailures;
import dev.serai.failure.FailureException;

/**
 * How does a connector speak HTTP? With a pool of its own, to addresses that were checked, straight or by the outbound
 * proxy, in limited time; no redirect is followed, no cookie kept, nothing repeated, no header added that tells who asks.
 */
public final class SourceHttp implements AutoCloseable {
    private static final ScheduledThreadPoolExecutor DEADLINES = deadlines();
    private static final int MAX_CONNECTIONS = 20;

    private final HttpTerms terms;
    private final CloseableHttpClient client;

    /** Dials nobody. */
    public SourceHttp(HttpTerms terms, EgressPolicy egress) {
        this.terms = terms;
        HttpClientBuilder builder = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(OutboundRoutes.resolver(egress))
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(HttpTrust.context(terms)))
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(terms.connectTimeout()))
                                .setSocketTimeout(Timeout.of(terms.readTimeout()))
                                .setTimeToLive(TimeValue.ofMinutes(5))
                                .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(terms.readTimeout()))
                        .setResponseTimeout(Timeout.of(terms.readTimeout()))
                        .build())
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("Serai");
        OutboundRoutes.apply(builder, egress);
        client = builder.build();
    }

    private static ScheduledThreadPoolExecutor deadlines() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "http-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    public HttpTerms terms() {
        return terms;
    }

    /**
     * Sends a request and comes back with the head of its answer, whatever its status; the caller closes it. What the
     * request's {@code cancel} ends, from any thread, throws.
     *
     * @param limit for the head and all of the body; the head has no more than the read timeout
     * @throws FailureException as {@link SourceFailures} tells it
     */
    public HttpAnswer send(HttpUriRequestBase request, Duration limit) {
        AtomicBoolean late = new AtomicBoolean();
        Runnable end = () -> {
            late.set(true);
            request.cancel();
        };
        Duration head = min(terms.readTimeout().plus(terms.connectTimeout()), limit);
        long start = System.nanoTime();
        var headEnd = DEADLINES.schedule(end, head.toNanos(), TimeUnit.NANOSECONDS);
        try {
            if (!request.containsHeader(HttpHeaders.ACCEPT_ENCODING)) {
                request.setHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
            }
            ClassicHttpResponse response = client.executeOpen(null, request, null);
            headEnd.cancel(false);
            long left = limit.toNanos() - (System.nanoTime() - start);
            var bodyEnd = DEADLINES.schedule(end, Math.max(0, left), TimeUnit.NANOSECONDS);
            return new HttpAnswer(request, response, late, bodyEnd);
        } catch (IOException | RuntimeException e) {
            headEnd.cancel(false);
            throw late.get() ? new FailureException(SourceFailures.timedOut(), e) : SourceFailures.exception(e);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Ends what is under way, too. */
    @Override
    public void close() {
        client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }
}
