package cli

import (
	"reflect"
	"slices"
	"testing"

	"orderops/config"
)

// TestEverySettingIsShown: config show leaves out no setting of a context.
func TestEverySettingIsShown(t *testing.T) {
	t.Parallel()
	shown := contextSheet().names()
	for field := range reflect.TypeFor[config.Context]().Fields() {
		if name := field.Tag.Get("yaml"); !slices.Contains(shown, name) {
			t.Errorf("%q is not shown", name)
		}
	}
}
