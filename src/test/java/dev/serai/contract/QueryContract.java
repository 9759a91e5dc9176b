package dev.serai.contract;

import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import dev.serai.connector.Connector;
import dev.serai.failure.Failure;
import dev.serai.rows.BatchSource;
import dev.serai.rows.Column;
import dev.serai.rows.RowSource;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;

/** Does a type answer queries of the source's own language, and change nothing by it? */
interface QueryContract extends TypeUnderTest {

    @Test
    default void answersAQuery() throws Exception {
        provided(Capability.QUERY, () -> {
            Rows rows = ask(request(Query.ODD));

            assertThat(rows.names()).isEqualTo(Table.ODD.columns());
            assertThat(rows.types()).startsWith("BIGINT", "VARCHAR");
            assertThat(rows.values()).containsExactlyInAnyOrderElementsOf(Table.ODD.texts());
        });
    }

    @Test
    default void answersNoMoreThanAskedFor() throws Exception {
        provided(Capability.QUERY_LIMIT, () -> {
            assertThat(ask(request(Query.MANY).put("limit", 7)).values()).hasSize(7);
            assertThat(ask(request(Query.ODD).put("limit", 1000)).values()).hasSameSizeAs(Table.ODD.rows());
        });
    }

    @Test
    default void takesValuesApartFromTheText() throws Exception {
        provided(Capability.QUERY_PARAMETERS, () -> {
            ObjectNode request = request(Query.BY_ID_AND_NAME);
            request.putArray("params").add(42).add("row 42");
            assertThat(ask(request).values()).containsExactly(List.of("42", "row 42"));

            request.putArray("params").add(42).add("' OR 1 = 1 --");
            assertThat(ask(request).values()).isEmpty();

            request.putArray("params").add(42).addNull();
            assertThat(ask(request).values()).isEmpty();

            request.putArray("params").add(42);
            assertThat(failure(() -> ask(request))).isInstanceOf(Failure.Invalid.class);
        });
    }

    @Test
    default void keepsColumnsOfOneNameApart() throws Exception {
        provided(Capability.QUERY_DUPLICATE_NAMES, () -> {
            RowSource rows = world().rows(connector(), "query", request(Query.DUPLICATE_NAMES));

            assertThat(((BatchSource) rows).columns()).extracting(Column::name).containsExactly("a", "a");
            assertThat(Rows.of(rows).values()).containsExactly(List.of("1", "2"));
        });
    }

    @Test
    default void tellsTheColumnsOfAnAnswerWithoutRows() throws Exception {
        provided(Capability.QUERY_EMPTY, () -> {
            Rows rows = ask(request(Query.EMPTY));

            assertThat(rows.names()).isEqualTo(Table.EMPTY.columns());
            assertThat(rows.values()).isEmpty();
        });
    }

    @Test
    default void saysWhereAQueryIsWrong() throws Exception {
        provided(Capability.QUERY_POSITION, () -> {
            String missing = query(Query.MISSING);

            assertThat(failure(() -> ask(request(Query.MISSING))))
                    .isInstanceOfSatisfying(Failure.Unreadable.class, failure -> {
                        assertThat(failure.detail()).contains("no_such_model");
                        assertThat(failure.position()).isEqualTo(missing.indexOf("no_such_model") + 1);
                    });
        });
    }

    @Test
    default void refusesToChangeAnything() throws Exception {
        provided(Capability.QUERY_READ_ONLY, () -> {
            for (String operation : List.of("query", "read")) {
                assertThat(failure(() -> Rows.of(world().rows(connector(), operation, request(Query.DELETE)))))
                        .isInstanceOf(Failure.Invalid.class);
            }
            assertThat(read(request(Table.MANY)).values()).hasSize(Table.MANY_ROWS);
        });
    }

    @Test
    default void givesUpAQueryThatTakesTooLong() throws Exception {
        provided(Capability.QUERY_TIMEOUT, () -> {
            Connector hasty = world().save("hasty", type(), config().put("read_timeout", 1));
            long start = System.nanoTime();

            assertThat(failure(() -> Rows.of(world().rows(hasty, "query", request(Query.SLOW)))))
                    .isInstanceOfSatisfying(Failure.Source.class, failure -> assertThat(failure.timedOut())
                            .isTrue());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        });
    }
}
