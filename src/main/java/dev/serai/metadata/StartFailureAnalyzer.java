package dev.serai.metadata;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import dev.serai.failure.FailureException;

/** What Spring prints instead of a stack trace when an expected failure stops the start. */
class StartFailureAnalyzer extends AbstractFailureAnalyzer<FailureException> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, FailureException cause) {
        return new FailureAnalysis(cause.failure().detail(), null, cause);
    }
}
