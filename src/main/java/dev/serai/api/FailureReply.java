package dev.serai.api;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Answers a failed route with its problem. */
@Component
class FailureReply implements Processor {
    private final Problems problems;

    FailureReply(Problems problems) {
        this.problems = problems;
    }

    @Override
    public void process(Exchange exchange) {
        exchange.getProperty(CallBinding.PENDING, PendingCall.class)
                .answer(problems.of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));
        exchange.getMessage().setBody(null);
    }
}
