package dev.serai.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whether a minted token still stands. Asks the database once in a few seconds for each token in use. */
@Component
class RevokedTokens {
    private static final Duration TRUSTED = Duration.ofSeconds(5);
    private static final int REMEMBERED = 10_000;

    private final JdbcClient db;
    private final Clock clock;
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > REMEMBERED;
        }
    };

    RevokedTokens(JdbcClient db, Clock clock) {
        this.db = db;
        this.clock = clock;
    }

    private record Known(boolean stands, Instant until) {}

    boolean stands(String id) {
        Instant now = clock.instant();
        synchronized (known) {
            Known answer = known.get(id);
            if (answer != null && now.isBefore(answer.until())) {
                return answer.stands();
            }
        }
        boolean stands = db.sql("select count(*) from tokens where id = ? and revoked_at is null")
                        .param(id)
                        .query(Long.class)
                        .single()
                > 0;
        synchronized (known) {
            known.put(id, new Known(stands, now.plus(TRUSTED)));
        }
        return stands;
    }

    void forget(String id) {
        synchronized (known) {
            known.remove(id);
        }
    }
}
