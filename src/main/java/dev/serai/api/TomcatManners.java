package dev.serai.api;

import java.io.IOException;
import java.io.Writer;
import java.util.Set;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Lets the container too refuse with a problem, where a request is so broken that it reaches nobody else, and ask for a
 * body only when somebody reads it: who waits for that need not send one that is too large.
 */
@Component
class TomcatManners implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {
    private static final Logger log = LoggerFactory.getLogger(TomcatManners.class);

    /** What the container says of CONNECT, of other versions of HTTP and of other expectations: no failure of Serai's. */
    private static final Set<HttpStatus> MISUNDERSTOOD =
            Set.of(HttpStatus.NOT_IMPLEMENTED, HttpStatus.HTTP_VERSION_NOT_SUPPORTED, HttpStatus.EXPECTATION_FAILED);

    private final Problems problems;
    private final ObjectMapper json;

    TomcatManners(Problems problems, ObjectMapper json) {
        this.problems = problems;
        this.json = json;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> {
            connector.setProperty("continueResponseTiming", "onRead");
            // Else the container refuses it without a body, before it asks the valve below.
            connector.setAllowTrace(true);
        });
        factory.addContextCustomizers(context -> {
            context.getParent().getPipeline().addValve(new ProblemValve());
            context.getPipeline().addValve(new TomcatAsker.Valve());
        });
    }

    /** After Spring Boot's own, which shows a page of HTML. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    private final class ProblemValve extends ErrorReportValve {
        /** A servlet would answer TRACE with what it was sent, secrets and all. */
        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            if (!request.getMethod().equals("TRACE")) {
                super.invoke(request, response);
                return;
            }
            response.sendError(HttpStatus.BAD_REQUEST.value());
            response.setSuspended(false);
            report(request, response, null);
        }

        @Override
        protected void report(Request request, Response response, @Nullable Throwable thrown) {
            HttpStatus status = HttpStatus.resolve(response.getStatus());
            if (status != null && MISUNDERSTOOD.contains(status)) {
                status = HttpStatus.BAD_REQUEST;
                response.getCoyoteResponse().setStatus(status.value());
            }
            boolean ours = status != null && status.isError() && response.getContentWritten() == 0;
            if (!ours || !response.setErrorReported()) {
                return;
            }
            Answer answer = problems.of(
                    status,
                    status.is5xxServerError() ? "internal" : "bad_request",
                    status.is5xxServerError() ? "Serai failed to answer this." : "The request cannot be understood.");
            try {
                response.setContentType(answer.mediaType());
                Writer writer = response.getReporter();
                if (writer != null) {
                    writer.write(json.writeValueAsString(answer.body()));
                    response.finishResponse();
                }
            } catch (IOException e) {
                log.debug("A client was gone before it could be told what was wrong", e);
            }
        }
    }
}
