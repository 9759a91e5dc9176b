package dev.serai.sync;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.serai.dataset.Dataset;
import dev.serai.lake.CommitRequest;
import dev.serai.metadata.Ids;
import dev.serai.rows.Cancellation;
import dev.serai.rows.TextSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A dataset's table that is another one when the rows are written than it was when they were opened. */
class TableChangedMeanwhileTest {
    private final Shop shop = new Shop(
            "create table orders (id int primary key, item text, at int)",
            "insert into orders values (1, 'a', 1), (2, 'b', 2)");
    private final SyncReader reader = shop.serai.bean(SyncReader.class);
    private final SyncWriter writer = shop.serai.bean(SyncWriter.class);

    private DatasetSync opened(Dataset orders) {
        shop.sync(orders);
        shop.database.execute("insert into orders values (3, 'c', 3)");
        Dataset now = shop.now(orders);
        DatasetSync sync =
                new DatasetSync(Ids.next("run"), shop.connector, now, SyncMode.of(null, now, shop.connector));
        reader.open(sync);
        assertThat(sync.plan().window().everything()).isFalse();
        return sync;
    }

    private DatasetResult written(DatasetSync sync) {
        try (sync) {
            return (DatasetResult) writer.write(sync);
        }
    }

    @Test
    void aPartOfTheRowsDoesNotReplaceOnesThatAreGone() {
        Dataset orders = shop.orders("at");
        DatasetSync sync = opened(orders);
        shop.lake.drop(orders.table());

        DatasetResult result = written(sync);

        assertThat(result.mode()).isEqualTo("full");
        assertThat(result.reason()).contains("were gone");
        assertThat(shop.column(orders, "item")).containsExactly("a", "b", "c");
    }

    @Test
    void aPartOfTheRowsDoesNotReplaceOnesOfOtherTypes() {
        Dataset orders = shop.orders("at");
        DatasetSync sync = opened(orders);
        shop.lake.replace(
                orders.table(),
                new TextSource(
                        TextSource.Format.NDJSON,
                        new ByteArrayInputStream(
                                "{\"id\": 1, \"item\": 7.5, \"at\": 1}".getBytes(StandardCharsets.UTF_8))),
                new CommitRequest(
                        Ids.next("run"),
                        List.of(),
                        null,
                        "at",
                        sync.plan().selection().json(),
                        rows -> {},
                        new Cancellation()));

        DatasetResult result = written(sync);

        assertThat(result.mode()).isEqualTo("full");
        assertThat(result.reason()).contains("changed its type");
        assertThat(shop.column(orders, "item")).containsExactly("a", "b", "c");
    }
}
