package dev.serai.contract;

import java.util.EnumMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Does the suite notice a type that opts out without need, or without proof? */
class OptingOutTest {

    @Test
    void whatWorksCannotBeOptedOutOf() throws Exception {
        with(Capability.READ, suite -> {
            assertThatThrownBy(suite::readsEveryRowOnce)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageEndingWith("has opted out of READ because it is said to be missing, but it works");
            assertThatThrownBy(suite::readsTwoAtOnce).hasMessageEndingWith("but it works");
        });
        with(Capability.MODEL_SEARCH, suite -> assertThatThrownBy(suite::findsModelsByAPartOfTheirName)
                .hasMessageEndingWith("but it works"));
    }

    @Test
    void aHookThatIsNotWrittenIsNoProof() throws Exception {
        with(Capability.READ_QUERY, suite -> {
            suite.withoutQueries = true;

            assertThatThrownBy(suite::readsTheAnswerToAQuery).isInstanceOf(UnsupportedOperationException.class);
            assertThatCode(suite::answersAQuery)
                    .as("the operation is not offered, which is proof enough")
                    .doesNotThrowAnyException();
        });
    }

    @Test
    void aFaultOfTheSuiteIsNoProof() throws Exception {
        with(Capability.READ, suite -> {
            assertThatThrownBy(() -> suite.provided(Capability.READ, () -> {
                        throw new IllegalStateException("at fault");
                    }))
                    .hasMessage("at fault");
            assertThatThrownBy(() -> suite.failure(() -> {
                        throw new IllegalStateException("at fault");
                    }))
                    .hasMessage("at fault");
        });
    }

    /** Runs the suite's tests over a type that lacks one thing more than it does in truth. */
    private static void with(Capability lacking, Checked<Lacking> checks) throws Exception {
        Lacking suite = new Lacking(lacking);
        try {
            suite.prepare();
            checks.check(suite);
        } finally {
            suite.stop();
            suite.close();
        }
    }

    private interface Checked<T> {
        void check(T suite) throws Exception;
    }

    private static final class Lacking extends HttpKameletContractTest {
        private final Capability lacking;
        private boolean withoutQueries;

        Lacking(Capability lacking) {
            this.lacking = lacking;
        }

        @Override
        public Map<Capability, String> lacks() {
            Map<Capability, String> lacks = new EnumMap<>(super.lacks());
            lacks.put(lacking, "it is said to be missing");
            return lacks;
        }

        @Override
        public String query(Query query) {
            if (withoutQueries) {
                throw new UnsupportedOperationException("not written");
            }
            return super.query(query);
        }
    }
}
