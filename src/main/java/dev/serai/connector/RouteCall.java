package dev.serai.connector;

import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.UnitOfWorkHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.catalog.Kamelet;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.rows.Cancellation;

/**
 * One exchange with a connector's route, and its answer.
 *
 * <p>The answer may be a stream that Camel keeps in a file; it is there until this is closed.
 */
final class RouteCall implements AutoCloseable {
    /** The header that names what is asked for. */
    static final String OPERATION = "operation";

    /** The header that asks for a further page: the value that came as {@link #NEXT}. */
    static final String PAGE = "page";

    /** The header of an answer that is only a page: what to ask the next one with. */
    static final String NEXT = "next";

    /** The variable that keeps the request while the body changes. */
    static final String REQUEST = "request";

    private static final Logger log = LoggerFactory.getLogger(RouteCall.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Exchange exchange;
    private final UnitOfWork unitOfWork;
    private final OngoingCall ongoing;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private RouteCall(Exchange exchange, UnitOfWork unitOfWork, OngoingCall ongoing) {
        this.exchange = exchange;
        this.unitOfWork = unitOfWork;
        this.ongoing = ongoing;
    }

    /**
     * Sends the request; a failure of the route comes as a {@link dev.serai.failure.FailureException}.
     *
     * @param time how long to wait for the answer; what is late, or stopped by the cancellation, ends by itself
     */
    static RouteCall send(
            RunningRoute route,
            String operation,
            ObjectNode request,
            @Nullable String page,
            Duration time,
            Cancellation cancellation) {
        Producer producer = route.producer();
        Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOut);
        Message in = exchange.getIn();
        Map<?, ?> body = JSON.convertValue(request, Map.class);
        in.setBody(body);
        in.setHeader(OPERATION, operation);
        if (page != null) {
            in.setHeader(PAGE, page);
        }
        exchange.setVariable(Kamelet.CONFIG, route.config());
        exchange.setVariable(REQUEST, body);
        UnitOfWork unitOfWork =
                PluginHelper.getUnitOfWorkFactory(exchange.getContext()).createUnitOfWork(exchange);
        exchange.getExchangeExtension().setUnitOfWork(unitOfWork);
        OngoingCall ongoing = new OngoingCall(CallTimes.of(route.config()));
        RouteCall call = new RouteCall(exchange, unitOfWork, ongoing);
        // Until the exchange is over, which may be after it was left.
        route.stay();
        return ongoing.await(
                time,
                cancellation,
                () -> false,
                () -> {
                    try {
                        return call.sent(route, operation, producer);
                    } finally {
                        route.leave();
                    }
                },
                late -> {
                    if (late != null) {
                        late.drop();
                    }
                });
    }

    private RouteCall sent(RunningRoute route, String operation, Producer producer) {
        try {
            if (ongoing.aborted()) {
                throw new FailureException(new Failure.Cancelled("The call was stopped before it began."));
            }
            producer.process(exchange);
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
            exchange.setException(e);
        }
        Exception failed = exchange.getException();
        if (failed != null) {
            log.info("{} of {} failed: {}", operation, route.id(), SourceFailures.kinds(failed));
            close();
            throw SourceFailures.exception(failed);
        }
        return this;
    }

    /** Ends an answer that came when nobody waited for it any more. */
    private void drop() {
        try (RouteCall call = this) {
            if (call.body() instanceof AutoCloseable answer) {
                answer.close();
            }
        } catch (Exception e) {
            log.info("An answer that came too late did not close: {}", SourceFailures.kinds(e));
        }
    }

    @Nullable
    Object body() {
        return exchange.getMessage().getBody();
    }

    /** The body as something else, by Camel's converters; null where there is no way. */
    <T> @Nullable T body(Class<T> type) {
        return exchange.getMessage().getBody(type);
    }

    /** Whether the answer's text would not look whole if it had broken off. */
    boolean endMarked() {
        return ongoing.endMarked();
    }

    String contentType() {
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        return type.toLowerCase(java.util.Locale.ROOT);
    }

    /** What asks for the page after this one; null on the last. */
    @Nullable
    String next() {
        Object next = exchange.getMessage().getHeader(NEXT);
        if (next == null || next instanceof java.util.Collection<?> list && list.isEmpty()) {
            return null;
        }
        String text = next.toString();
        return text.isEmpty() || text.equals("null") ? null : text;
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            if (body() instanceof InputStream) {
                // Closing alone would read an answer over HTTP to its end.
                ongoing.release();
            }
            UnitOfWorkHelper.doneUow(unitOfWork, exchange);
        }
    }
}
