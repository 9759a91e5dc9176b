package dev.serai.connector;

import java.util.Set;

import org.apache.camel.Component;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.apache.camel.spi.ComponentCustomizer;

/**
 * Which message headers say what is called, for whom, and are therefore never taken from HTTP? A client of a user's own
 * route could else choose another project or connector by a header or a query parameter of that name; a source could
 * answer with one. Nor are they sent.
 */
final class OwnHeaders implements ComponentCustomizer {
    /** In lower case. */
    private static final Set<String> NAMES =
            Set.of(RouteCall.OPERATION, RouteCall.PAGE, RouteCall.NEXT, "connector", "project", "mode");

    /** What HTTP's own strategy keeps back, and these. */
    static HttpHeaderFilterStrategy kept() {
        HttpHeaderFilterStrategy headers = new HttpHeaderFilterStrategy();
        headers.setLowerCase(true);
        headers.getInFilter().addAll(NAMES);
        headers.getOutFilter().addAll(NAMES);
        return headers;
    }

    @Override
    public boolean isEnabled(String name, Component target) {
        return target instanceof PlatformHttpComponent;
    }

    @Override
    public void configure(String name, Component target) {
        ((PlatformHttpComponent) target).setHeaderFilterStrategy(kept());
    }
}
