package dev.serai.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import dev.serai.audit.AuditActor;

/** A call on its way through the routes: where its answer is left, and the client's response that it is sent to. */
final class PendingCall {
    private static final String ATTRIBUTE = "dev.serai.api.call";

    private final Call call;
    private final AuditActor actor;
    private final HttpServletResponse response;
    private final boolean bodyless;
    private volatile @Nullable Answer answer;

    PendingCall(Call call, AuditActor actor, HttpServletResponse response, boolean bodyless) {
        this.actor = actor;
        this.call = call;
        this.response = response;
        this.bodyless = bodyless;
    }

    static PendingCall of(HttpServletRequest request) {
        return (PendingCall) request.getAttribute(ATTRIBUTE);
    }

    void attachTo(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    Call call() {
        return call;
    }

    AuditActor actor() {
        return actor;
    }

    HttpServletResponse response() {
        return response;
    }

    /** Whether only the head of the answer is wanted. */
    boolean bodyless() {
        return bodyless;
    }

    void answer(Answer given) {
        answer = given;
    }

    @Nullable
    Answer answer() {
        return answer;
    }
}
