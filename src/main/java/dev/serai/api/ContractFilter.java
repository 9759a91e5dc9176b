package dev.serai.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

import dev.serai.access.Caller;
import dev.serai.access.CallerAuthentication;
import dev.serai.access.Role;
import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/**
 * Lets a request to {@code /api} through to the routes only as a {@link Call} of an operation of the OpenAPI file by a
 * caller with its role, and sends the routes' {@link Answer}. It comes after Spring Security, which says who calls.
 *
 * <p>The answer is written on the asynchronous dispatch that follows the route, on a thread of the container, and not by
 * Camel, which would end a stream cleanly that failed.
 */
@Component
class ContractFilter extends OncePerRequestFilter {
    private final Answer notRouted;
    private final Answer overloaded;
    private final Contract contract;
    private final CallReader calls;
    private final AnswerWriter answers;
    private final Problems problems;
    private final AuditTrail trail;

    ContractFilter(Contract contract, CallReader calls, AnswerWriter answers, Problems problems, AuditTrail trail) {
        this.trail = trail;
        this.contract = contract;
        this.calls = calls;
        this.answers = answers;
        this.problems = problems;
        this.notRouted = problems.of(HttpStatus.SERVICE_UNAVAILABLE, "not_ready", "Serai is starting or stopping.")
                .with("Retry-After", "1");
        this.overloaded =
                problems.of(new Failure.Busy("busy", "Too many calls are going on at once.", Duration.ofSeconds(1)));
    }

    /** By the decoded path, as the security rules: whatever a router makes of {@code /%61pi}, the contract comes first. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), "");
        return !path.startsWith("/api/") && !path.equals("/api");
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isAsyncDispatch(request)) {
            chain.doFilter(request, response);
            send(PendingCall.of(request));
            return;
        }
        boolean head = request.getMethod().equals("HEAD");
        Object admitted = admit(request);
        if (admitted instanceof Call call) {
            new PendingCall(call, trail.actor(request), response, head).attachTo(request);
            Answer unrouted = notRouted;
            try {
                chain.doFilter(
                        new AdmittedRequest(request, contract.operation(call.operation())),
                        new RoutedResponse(response));
            } catch (ServletException e) {
                if (!(e.getRootCause() instanceof RejectedExecutionException)) {
                    throw e;
                }
                unrouted = overloaded;
            }
            if (!request.isAsyncStarted()) {
                answers.write(unrouted, response, head);
            }
        } else {
            Answer refusal = (Answer) admitted;
            if (refusal.status() == HttpStatus.FORBIDDEN.value()) {
                trail.refused(trail.actor(request), refusal, operation(request));
            }
            answers.write(refusal, response, head);
        }
    }

    private void send(PendingCall pending) throws IOException {
        Answer answer = pending.answer();
        if (answer == null) {
            answer = problems.of(
                    new IllegalStateException("No answer to " + pending.call().operation()));
        }
        boolean whole = false;
        try {
            answers.write(answer, pending.response(), pending.bodyless());
            whole = true;
        } finally {
            trail.answered(pending, answer, whole);
        }
    }

    private String operation(HttpServletRequest request) {
        return contract.find(request.getMethod(), request.getRequestURI())
                .map(match -> match.operation().id())
                .orElse("");
    }

    /** The call, or the answer that refuses it. */
    private Object admit(HttpServletRequest request) throws IOException {
        String path = request.getRequestURI();
        String method = request.getMethod();
        Set<String> methods = contract.methods(path);
        if (methods.isEmpty()) {
            return problems.of(new Failure.Missing("There is nothing at this path."));
        }
        String allowed = String.join(", ", methods);
        if (method.equals("OPTIONS")) {
            return Answer.empty(204).with("Allow", allowed);
        }
        if (!methods.contains(method)) {
            return problems.of(HttpStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "This path takes " + allowed + ".")
                    .with("Allow", allowed);
        }
        try {
            Contract.Match match =
                    contract.find(method.equals("HEAD") ? "GET" : method, path).orElseThrow();
            Operation operation = match.operation();
            Call call = calls.read(request, match, caller(operation.role()));
            if (operation.roleWithBody() != null && !call.body().isMissingNode()) {
                caller(operation.roleWithBody());
            }
            return call;
        } catch (RefusedException e) {
            return e.answer();
        } catch (FailureException e) {
            return problems.of(e);
        }
    }

    private static @Nullable Caller caller(@Nullable Role least) {
        if (least == null) {
            return null;
        }
        if (SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication authentication
                && authentication.caller().is(least)) {
            return authentication.caller();
        }
        throw new FailureException(new Failure.Forbidden(
                "role_required", "This needs the role " + least.name().toLowerCase(Locale.ROOT) + "."));
    }
}
