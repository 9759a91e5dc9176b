package dev.serai.connector.document;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import com.mongodb.client.MongoClient;

/**
 * Which client does camel-mongodb get? One that is made when it is first used: the driver's own begins to dial as soon as it
 * is made, and a route has to come up while its source is down.
 */
public final class MongoClientOnDemand {
    private MongoClientOnDemand() {}

    /** The source's client; closing this closes nothing, the source does that. */
    public static MongoClient of(MongoSource source) {
        return (MongoClient) Proxy.newProxyInstance(
                MongoClient.class.getClassLoader(),
                new Class<?>[] {MongoClient.class},
                (proxy, method, arguments) -> call(source, proxy, method, arguments));
    }

    private static @org.jspecify.annotations.Nullable Object call(
            MongoSource source, Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "a client that is made on demand";
            };
        } else if (method.getName().equals("close")) {
            return null;
        }
        try {
            return method.invoke(source.client(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
