package dev.serai.api;

import java.io.IOException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.stereotype.Component;

import dev.serai.access.NoAccessException;

/** What Spring Security's refusals are told as. Why a token is not accepted stays untold. */
@Component
class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {
    private final Problems problems;
    private final AnswerWriter answers;
    private final AuditTrail trail;

    Refusals(Problems problems, AnswerWriter answers, AuditTrail trail) {
        this.trail = trail;
        this.problems = problems;
        this.answers = answers;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException refusal)
            throws IOException {
        write(request, response, answer(refusal));
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException refusal)
            throws IOException {
        write(request, response, problems.of(HttpStatus.FORBIDDEN, "role_required", "Your roles do not include this."));
    }

    private Answer answer(AuthenticationException refusal) {
        if (refusal instanceof NoAccessException genuine) {
            return problems.of(genuine.failure());
        }
        if (refusal instanceof AuthenticationServiceException) {
            return problems.of(
                    HttpStatus.BAD_GATEWAY,
                    "issuer_unavailable",
                    "The token cannot be checked: its issuer's keys cannot be had.");
        }
        boolean tokenGiven = refusal instanceof OAuth2AuthenticationException;
        return problems.of(
                        HttpStatus.UNAUTHORIZED,
                        tokenGiven ? "invalid_token" : "unauthenticated",
                        tokenGiven ? "The token is not valid or no longer is." : "This needs a token.")
                .with(
                        HttpHeaders.WWW_AUTHENTICATE,
                        Problems.CHALLENGE + (tokenGiven ? ", error=\"invalid_token\"" : ""));
    }

    private void write(HttpServletRequest request, HttpServletResponse response, Answer answer) throws IOException {
        trail.refused(trail.actor(request), answer, "");
        answers.write(answer, response, request.getMethod().equals("HEAD"));
    }
}
