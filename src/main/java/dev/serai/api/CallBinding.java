package dev.serai.api;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultMessage;
import org.springframework.stereotype.Component;

/** Makes the {@link Call} the message, without any header of the request. */
@Component
class CallBinding implements Processor {
    static final String PENDING = "serai.pending";

    @Override
    public void process(Exchange exchange) {
        HttpServletRequest request =
                exchange.getMessage().getHeader(Exchange.HTTP_SERVLET_REQUEST, HttpServletRequest.class);
        PendingCall pending = PendingCall.of(request);
        Call call = pending.call();
        if (!call.operation().equals(operation(exchange))) {
            throw new IllegalStateException("Checked as " + call.operation() + ", routed to " + operation(exchange));
        }
        exchange.setProperty(PENDING, pending);
        DefaultMessage message = new DefaultMessage(exchange);
        message.setBody(call);
        exchange.setMessage(message);
    }

    private static String operation(Exchange exchange) {
        return exchange.getUnitOfWork().getRoute().getRouteId();
    }
}
