package dev.serai.testing;

import java.util.Map;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import dev.serai.settings.SeraiSettings;

/** Settings as Spring would bind them, defaults included. */
public final class Settings {
    private Settings() {}

    /** Keys as in a properties file, such as {@code serai.data-dir}. */
    public static SeraiSettings of(Map<String, ?> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("serai", SeraiSettings.class);
    }
}
