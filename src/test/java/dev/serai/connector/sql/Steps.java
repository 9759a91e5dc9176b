package dev.serai.connector.sql;

import java.util.List;

import dev.serai.connector.TestResult;

import static org.assertj.core.api.Assertions.assertThat;

/** The steps that a connector's test walked. */
public final class Steps {
    private Steps() {}

    public static List<String> of(TestResult result) {
        return result.steps().stream().map(TestResult.Step::name).toList();
    }

    /** All went well but the last, which is the one. */
    public static void failed(TestResult result, String step, String said) {
        assertThat(result.ok()).isFalse();
        assertThat(result.category()).isEqualTo(step);
        assertThat(result.error()).contains(said);
        TestResult.Step last = result.steps().get(result.steps().size() - 1);
        assertThat(last.name()).isEqualTo(step);
        assertThat(last.ok()).isFalse();
        assertThat(last.error()).isEqualTo(result.error());
        assertThat(result.steps().subList(0, result.steps().size() - 1)).allMatch(TestResult.Step::ok);
    }
}
