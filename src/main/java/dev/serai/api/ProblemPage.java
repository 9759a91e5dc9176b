package dev.serai.api;

import java.io.IOException;
import java.util.Locale;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

import dev.serai.failure.Failure;

/** What the container answers where no operation did: an unknown path, a URL it refuses. Never its message. */
@Controller
class ProblemPage implements ErrorController {
    private final Problems problems;
    private final AnswerWriter answers;

    ProblemPage(Problems problems, AnswerWriter answers) {
        this.problems = problems;
        this.answers = answers;
    }

    @RequestMapping("${server.error.path:/error}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : HttpStatus.NOT_FOUND;
        answers.write(
                answer(status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status),
                response,
                request.getMethod().equals("HEAD"));
    }

    private Answer answer(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> problems.of(new Failure.Missing("There is nothing at this path."));
            case METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, UNSUPPORTED_MEDIA_TYPE ->
                problems.of(status, status.name().toLowerCase(Locale.ROOT), status.getReasonPhrase() + ".");
            case SERVICE_UNAVAILABLE -> problems.of(status, "not_ready", "Serai is starting or stopping.");
            default ->
                status.is5xxServerError()
                        ? problems.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal", "Serai failed to answer this.")
                        : problems.of(HttpStatus.BAD_REQUEST, "bad_request", "The request cannot be understood.");
        };
    }
}
