package dev.serai.sync;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Notes at a connector how far the discovery of its datasets is. */
@Component
class DiscoveryMark {
    private final JdbcClient jdbc;

    DiscoveryMark(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void set(String connectorId, String state) {
        jdbc.sql("update data_connectors set discovery = :state where id = :id")
                .param("state", state)
                .param("id", connectorId)
                .update();
    }
}
