package dev.serai.api;

import org.springframework.stereotype.Component;

import dev.serai.sync.SyncHealth;

/** How well a project's data is kept up to date. */
@Component
public class HealthApi {
    private final SyncHealth syncs;

    HealthApi(SyncHealth syncs) {
        this.syncs = syncs;
    }

    public Answer syncs(Call call) {
        return Answer.ok(syncs.list(call.project(), call.flag("stale").orElse(null), call.limit(), call.cursor()));
    }
}
