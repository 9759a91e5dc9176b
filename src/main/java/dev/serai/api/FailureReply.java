package dev.serai.api;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

import dev.serai.audit.AuditLog;

/** Answers a failed route with its problem. */
@Component
class FailureReply implements Processor {
    private final Problems problems;
    private final AuditLog audit;

    FailureReply(Problems problems, AuditLog audit) {
        this.audit = audit;
        this.problems = problems;
    }

    @Override
    public void process(Exchange exchange) {
        audit.leave();
        exchange.getProperty(CallBinding.PENDING, PendingCall.class)
                .answer(problems.of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));
        exchange.getMessage().setBody(null);
    }
}
