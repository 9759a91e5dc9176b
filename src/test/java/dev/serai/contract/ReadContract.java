package dev.serai.contract;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import dev.serai.failure.Failure;
import dev.serai.rows.RowSource;
import dev.serai.testing.Rows;

import static org.assertj.core.api.Assertions.assertThat;

/** Does a type read what is there, all of it, unchanged, and stop when told? */
interface ReadContract extends TypeUnderTest {

    @Test
    default void readsEveryRowOnce() throws Exception {
        provided(Capability.READ, () -> assertThat(sorted(read(request(Table.MANY))))
                .isEqualTo(Table.MANY.texts()));
    }

    @Test
    default void changesNoValue() throws Exception {
        provided(Capability.READ, () -> {
            assertThat(read(request(Table.ODD)).values()).containsExactlyInAnyOrderElementsOf(Table.ODD.texts());
            assertThat(sorted(read(request(Table.HUGE)))).isEqualTo(Table.HUGE.texts());
        });
    }

    @Test
    default void readsAModelWithoutRows() throws Exception {
        provided(Capability.READ, () -> assertThat(read(request(Table.EMPTY)).values())
                .isEmpty());
        provided(
                Capability.READ_EMPTY,
                () -> assertThat(read(request(Table.EMPTY)).names()).isEqualTo(Table.EMPTY.columns()));
    }

    @Test
    default void readsNoMoreThanAskedFor() throws Exception {
        provided(Capability.READ_LIMIT, () -> {
            assertThat(read(request(Table.MANY).put("limit", 7)).values()).hasSize(7);
            assertThat(read(request(Table.ODD).put("limit", 1000)).values()).hasSameSizeAs(Table.ODD.rows());
        });
    }

    @Test
    default void readsTheColumnsAskedFor() throws Exception {
        provided(Capability.READ_COLUMNS, () -> {
            ObjectNode request = request(Table.MANY).put("limit", 1);
            request.putArray("columns").add("name").add("id");

            assertThat(read(request).names()).containsExactly("name", "id");
        });
    }

    @Test
    default void readsTheAnswerToAQuery() throws Exception {
        provided(Capability.READ_QUERY, () -> {
            Rows rows = read(request(Query.ODD));

            assertThat(rows.names()).isEqualTo(Table.ODD.columns());
            assertThat(rows.values()).containsExactlyInAnyOrderElementsOf(Table.ODD.texts());
        });
    }

    @Test
    default void readsTwoAtOnce() throws Exception {
        provided(Capability.READ, () -> {
            var one = CompletableFuture.supplyAsync(() -> sorted(read(request(Table.MANY))));
            var other = CompletableFuture.supplyAsync(() -> sorted(read(request(Table.MANY))));

            assertThat(List.of(one.get(), other.get())).containsOnly(Table.MANY.texts());
        });
    }

    @Test
    default void aModelThatIsNotThereIsAFailure() throws Exception {
        provided(Capability.READ, () -> {
            Model gone = new Model(model(Table.MANY).schema(), "no_such_model");

            assertThat(failure(() -> Rows.of(world().rows(connector(), "read", request(gone)))))
                    .isInstanceOfAny(Failure.Source.class, Failure.Missing.class);
        });
    }

    @Test
    default void stopsReadingWhenTheReaderDoes() throws Exception {
        provided(Capability.READ_CANCEL, () -> {
            RowSource rows = world().rows(connector(), "read", slow());
            var reading = CompletableFuture.supplyAsync(() -> failure(() -> Rows.of(rows)));
            soon(() -> running() > 0);

            rows.close();

            soon(() -> running() == 0);
            assertThat(reading.get()).isInstanceOf(Failure.Cancelled.class);
            assertThat(read(request(Table.ODD)).values()).hasSameSizeAs(Table.ODD.rows());
        });
    }
}
