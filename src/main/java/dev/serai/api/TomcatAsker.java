package dev.serai.api;

import java.io.IOException;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

import dev.serai.query.Asker;

/**
 * Whether the client of a request has closed its connection. Tomcat notices that only when it writes; here it looks
 * whether there is an end to read, while nothing else reads or writes.
 */
record TomcatAsker(org.apache.coyote.Request connection) implements Asker {
    private static final String ATTRIBUTE = "dev.serai.api.asker";

    /** Tomcat's number for a connection whose end was read; a next request would have more bytes. */
    private static final int ENDED = 1;

    static Asker of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof TomcatAsker known ? known : PATIENT;
    }

    @Override
    public boolean gone() {
        connection.action(ActionCode.AVAILABLE, Boolean.TRUE);
        return connection.getAvailable() == ENDED;
    }

    /** Puts it into each request. */
    static final class Valve extends ValveBase {
        Valve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            request.setAttribute(ATTRIBUTE, new TomcatAsker(request.getCoyoteRequest()));
            getNext().invoke(request, response);
        }
    }
}
