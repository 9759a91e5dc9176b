package dev.serai.query;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.lake.TableSnapshot;
import dev.serai.metadata.Cursor;

/**
 * Where a page of a table's rows starts: a version, one of its files, and a row in it.
 *
 * @param dataset of the table, so that a cursor fits no other
 * @param file index into the version's files
 * @param row rows of that file that come before
 */
record RowCursor(String dataset, long version, int file, long row) {
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]{1,100}):(\\d{1,18}):(\\d{1,9}):(\\d{1,18})");

    static RowCursor start(TableSnapshot snapshot) {
        return new RowCursor(snapshot.table().dataset(), snapshot.version(), 0, 0);
    }

    static RowCursor read(String text) {
        Matcher form = FORM.matcher(Cursor.after(text));
        if (!form.matches()) {
            throw unreadable();
        }
        return new RowCursor(
                form.group(1),
                Long.parseLong(form.group(2)),
                Integer.parseInt(form.group(3)),
                Long.parseLong(form.group(4)));
    }

    /** The same, or a failure where it does not belong to the version. */
    RowCursor checked(TableSnapshot snapshot) {
        boolean fits = dataset.equals(snapshot.table().dataset())
                && version == snapshot.version()
                && (file < snapshot.files().size()
                        ? row <= snapshot.files().get(file).rows()
                        : file == snapshot.files().size() && row == 0);
        if (!fits) {
            throw unreadable();
        }
        return this;
    }

    /** Where the page after one of so many rows starts, or null where there is none. */
    @Nullable
    RowCursor after(int rows, TableSnapshot snapshot) {
        int nextFile = file;
        long nextRow = row + rows;
        while (nextFile < snapshot.files().size()
                && nextRow >= snapshot.files().get(nextFile).rows()) {
            nextRow -= snapshot.files().get(nextFile).rows();
            nextFile++;
        }
        return nextFile == snapshot.files().size() ? null : new RowCursor(dataset, version, nextFile, nextRow);
    }

    String text() {
        return Cursor.of(dataset + ":" + version + ":" + file + ":" + row);
    }

    private static FailureException unreadable() {
        return new FailureException(
                new Failure.Unreadable("bad_cursor", "The cursor is not one that this table gave.", null));
    }
}
