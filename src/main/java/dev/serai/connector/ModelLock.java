package dev.serai.connector;

import java.util.concurrent.locks.ReentrantLock;

import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;

/** Who may change Camel's routes now? One at a time: Camel's model is not made for several threads that add and remove. */
final class ModelLock {
    private final ReentrantLock lock = new ReentrantLock();

    private ModelLock() {}

    /** The one of this Camel. */
    static synchronized ModelLock of(CamelContext camel) {
        ExtendedCamelContext plugins = camel.getCamelContextExtension();
        ModelLock present = plugins.getContextPlugin(ModelLock.class);
        if (present == null) {
            present = new ModelLock();
            plugins.addContextPlugin(ModelLock.class, present);
        }
        return present;
    }

    /** Held until closed. */
    Held hold() {
        lock.lock();
        return lock::unlock;
    }

    /** Whether this thread holds it. */
    boolean isHeld() {
        return lock.isHeldByCurrentThread();
    }

    /** The lock while it is held. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
