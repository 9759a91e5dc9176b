package dev.serai.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.serai.catalog.Operations;
import dev.serai.connector.CallLimit;
import dev.serai.connector.ConnectorCalls;
import dev.serai.connector.Discovery;
import dev.serai.connector.Model;
import dev.serai.connector.ModelFilter;
import dev.serai.metadata.Page;
import dev.serai.settings.SeraiSettings;

/** Where syncs meet connectors. */
@Configuration(proxyBeanMethods = false)
class SyncConfiguration {

    @Bean
    SourceReads sourceReads(ConnectorCalls calls, SeraiSettings settings) {
        Duration longest = settings.sync().timeout();
        return (connector, request, cancellation) ->
                calls.rows(connector, Operations.READ, request, CallLimit.within(longest, cancellation));
    }

    @Bean
    SourceModels sourceModels(Discovery discovery) {
        return (connector, cancellation) -> {
            CallLimit limit = CallLimit.answer(cancellation);
            List<String> ids = new ArrayList<>();
            String cursor = null;
            do {
                ModelFilter filter = new ModelFilter(null, null, true, Page.MAX_LIMIT, cursor);
                Page<Model> page = discovery.models(connector.project(), connector.id(), filter, limit);
                page.items().forEach(model -> ids.add(model.id()));
                cursor = page.nextCursor();
            } while (cursor != null);
            return ids;
        };
    }
}
