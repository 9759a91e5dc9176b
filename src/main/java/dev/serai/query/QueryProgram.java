package dev.serai.query;

import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.serai.failure.FailureException;
import dev.serai.metadata.Ids;
import dev.serai.query.Wire.Ask;
import dev.serai.query.Wire.End;
import dev.serai.query.Wire.Failed;
import dev.serai.query.Wire.Frame;
import dev.serai.query.Wire.Kind;
import dev.serai.query.Wire.Names;
import dev.serai.query.Wire.Tables;

/**
 * The program of a process that runs users' SQL, one statement after the other, and that Serai kills when one takes too
 * long or too much. It knows no key, no password and nothing of other projects than the files that a statement may read.
 */
public final class QueryProgram {
    private static final Logger LOG = LoggerFactory.getLogger(QueryProgram.class);

    /** DuckDB parses and plans recursively, without a check of the stack; only what is used becomes memory. */
    private static final long STACK = 256L << 20;

    private static final int CHUNK = 64 * 1024;

    private final Wire wire;
    private final Path folder;
    private final Sandbox.Limits limits;
    private final SqlReader reader = new SqlReader();
    private final RootAllocator memory = new RootAllocator();

    private QueryProgram(Wire wire, Path folder, Sandbox.Limits limits) {
        this.wire = wire;
        this.folder = folder;
        this.limits = limits;
    }

    /** @param arguments a folder of its own; threads, bytes of memory and bytes on disk for a statement */
    public static void main(String[] arguments) {
        Wire wire = new Wire(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
        // Whatever else is printed must not get between the frames.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        ProcessHandle.current().parent().ifPresent(serai -> serai.onExit()
                .thenRun(() -> Runtime.getRuntime().halt(1)));
        Path folder = Path.of(arguments[0]);
        Sandbox.Limits limits = new Sandbox.Limits(
                Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
        new Thread(null, () -> run(wire, folder, limits), "query", STACK).start();
    }

    private static void run(Wire wire, Path folder, Sandbox.Limits limits) {
        int status = 0;
        try {
            beTheFirstToGo();
            QueryProgram program = new QueryProgram(wire, folder, limits);
            program.warm();
            removeUnpacked();
            wire.send(Kind.READY);
            while (true) {
                program.answer(wire.receive(Kind.ASK).as(Ask.class));
            }
        } catch (EOFException e) {
            LOG.debug("Serai needs this process no more", e);
        } catch (IOException e) {
            LOG.debug("Serai is gone", e);
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }

    /** Where the machine itself runs out of memory, Linux ends this process and not Serai. */
    private static void beTheFirstToGo() {
        Path score = Path.of("/proc/self/oom_score_adj");
        try {
            if (Files.exists(score)) {
                Files.writeString(score, "1000");
            }
        } catch (IOException e) {
            LOG.debug("The kernel's choice is its own", e);
        }
    }

    /** Runs a statement, so that the first one of a user's finds everything loaded. */
    private void warm() throws IOException {
        Ask ask = new Ask("SELECT 1 AS ready", List.of(), 1, ResultFormat.NDJSON);
        try (ResultStream rows = start(reader.read(ask.sql()), List.of(), ask)) {
            rows.readAllBytes();
        }
    }

    /** Libraries are unpacked into files of 70 MB, which are needed no more once they are loaded. */
    private static void removeUnpacked() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> unpacked = Files.newDirectoryStream(temporary, Files::isRegularFile)) {
            for (Path file : unpacked) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.debug("This system keeps files that are in use", e);
        }
    }

    private ResultStream start(ParsedSql parsed, List<NamedTable> tables, Ask ask) {
        return new DatasetQuery(reader, parsed, tables, ask).start(limits, folder.resolve(Ids.next("tmp")), memory);
    }

    private void answer(Ask ask) throws IOException {
        try {
            ParsedSql parsed = reader.read(ask.sql());
            Parameters.check(parsed, ask.params());
            wire.send(Kind.NAMES, new Names(parsed.tables()));
            Frame found = wire.receive(Kind.TABLES);
            if (found.bytes().length > 0) {
                send(start(parsed, found.as(Tables.class).tables(), ask));
            }
        } catch (FailureException e) {
            wire.send(Kind.FAILED, Failed.of(e.failure()));
        }
    }

    private void send(ResultStream answer) throws IOException {
        boolean truncated;
        try (ResultStream rows = answer) {
            byte[] chunk = new byte[CHUNK];
            for (int length = read(rows, chunk); length >= 0; length = read(rows, chunk)) {
                wire.send(Kind.ROWS, chunk, length);
            }
            truncated = rows.truncated().orElse(false);
        }
        wire.send(Kind.END, new End(truncated));
    }

    private static int read(ResultStream rows, byte[] chunk) throws IOException {
        try {
            return rows.read(chunk);
        } catch (IOException e) {
            if (e.getCause() instanceof FailureException failed) {
                throw failed;
            }
            throw e;
        }
    }
}
