package dev.serai.sync;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;

/**
 * Why a dataset could not be synced.
 *
 * @param layer where on the way to the source, by the names of a connector test's steps; null elsewhere
 */
public record RunError(String code, String detail, @Nullable String layer, boolean retryable) {

    static RunError of(Failure failure) {
        String layer = failure instanceof Failure.Source source ? source.layer().step() : null;
        return new RunError(failure.code(), failure.detail(), layer, failure.retryable());
    }
}
