package dev.serai.api;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

import dev.serai.audit.AuditLog;

/** Hands the {@link Answer} over to {@link ContractFilter}, which sends it. */
@Component
class Reply implements Processor {
    private final AuditLog audit;

    Reply(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        audit.leave();
        exchange.getProperty(CallBinding.PENDING, PendingCall.class)
                .answer(exchange.getMessage().getMandatoryBody(Answer.class));
        exchange.getMessage().setBody(null);
    }
}
