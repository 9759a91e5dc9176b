package dev.serai.connector.rest;

import java.io.ByteArrayOutputStream;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

/** The text of one record, which may not grow without end. */
final class Limited extends ByteArrayOutputStream {
    @Override
    public synchronized void write(int one) {
        require(1);
        super.write(one);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        require(length);
        super.write(bytes, offset, length);
    }

    private void require(int more) {
        if (count + more > PageRecords.MAX_RECORD) {
            throw tooLarge();
        }
    }

    static FailureException tooLarge() {
        return new FailureException(new Failure.Source(
                Failure.Layer.READ,
                "row_too_large",
                "A record is larger than 16 MB. Check where the records are: 'records' may have to lead further in.",
                false));
    }
}
