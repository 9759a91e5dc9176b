package dev.serai.sync;

import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.stereotype.Component;

/** Sends each dataset as one exchange through the route {@code sync-dataset}, those of uploads {@code upload-dataset}. */
@Component
class RouteFlow implements DatasetFlow {
    private static final String ADDRESS = "direct:sync-dataset";
    private static final String UPLOADS = "direct:upload-dataset";

    private final ProducerTemplate camel;

    RouteFlow(ProducerTemplate camel) {
        this.camel = camel;
    }

    @Override
    public DatasetResult run(DatasetSync sync) throws Exception {
        Exchange exchange = camel.send(sync.upload().isPresent() ? UPLOADS : ADDRESS, sent -> sent.getIn()
                .setBody(sync));
        Exception exception = exchange.getException();
        if (exception != null) {
            throw exception;
        }
        return exchange.getMessage().getBody(DatasetResult.class);
    }
}
