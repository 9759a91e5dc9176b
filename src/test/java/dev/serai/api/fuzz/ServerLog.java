package dev.serai.api.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/** What the server has to say for itself: errors and stack traces, which no request may cause. */
final class ServerLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final ConcurrentLinkedQueue<String> bad = new ConcurrentLinkedQueue<>();
    private final List<String> secrets;
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

    ServerLog(List<String> secrets) {
        this.secrets = List.copyOf(secrets);
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> bad.add("the thread " + thread.getName()
                + " died: " + ThrowableProxyUtil.asString(new ThrowableProxy(thrown))));
    }

    @Override
    protected void append(ILoggingEvent event) {
        String text = event.getLoggerName() + ": " + event.getFormattedMessage();
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)
                || event.getLevel().isGreaterOrEqual(Level.WARN) && event.getThrowableProxy() != null) {
            bad.add(text + "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        if (secrets.stream().anyMatch(text::contains)) {
            bad.add("A secret in the log of " + event.getLoggerName());
        }
    }

    /** What came since the last call. */
    List<String> taken() {
        List<String> taken = new ArrayList<>();
        for (String text = bad.poll(); text != null; text = bad.poll()) {
            taken.add("the log has: " + text);
        }
        return taken;
    }

    @Override
    public void close() {
        Thread.setDefaultUncaughtExceptionHandler(before);
        root.detachAppender(this);
        stop();
    }
}
