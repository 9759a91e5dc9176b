package dev.serai.api;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultMessage;
import org.springframework.stereotype.Component;

import dev.serai.audit.AuditLog;

/** Makes the {@link Call} the message, without any header of the request, and says for whom the thread works. */
@Component
class CallBinding implements Processor {
    static final String PENDING = "serai.pending";

    private final AuditLog audit;

    CallBinding(AuditLog audit) {
        this.audit = audit;
    }

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
        audit.enter(pending.actor());
        DefaultMessage message = new DefaultMessage(exchange);
        message.setBody(call);
        exchange.setMessage(message);
    }

    private static String operation(Exchange exchange) {
        return exchange.getUnitOfWork().getRoute().getRouteId();
    }
}
