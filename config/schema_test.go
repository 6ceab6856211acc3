package config_test

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"

	"orderops/config"
)

// The schema that editors complete from names exactly the fields that are read.
func TestSchemaNamesEveryField(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../docs/config.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]any `json:"properties"`
		Defs       struct {
			Context struct {
				Properties map[string]any `json:"properties"`
			} `json:"context"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(content, &schema); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		schema map[string]any
		fields reflect.Type
	}{
		{"file", schema.Properties, reflect.TypeFor[config.File]()},
		{"context", schema.Defs.Context.Properties, reflect.TypeFor[config.Context]()},
	} {
		var named, read []string
		for name := range test.schema {
			named = append(named, name)
		}
		for field := range test.fields.Fields() {
			if name := field.Tag.Get("yaml"); field.IsExported() && name != "-" {
				read = append(read, name)
			}
		}
		slices.Sort(named)
		slices.Sort(read)
		if !slices.Equal(named, read) {
			t.Errorf("%s: the schema names %q, read are %q", test.name, named, read)
		}
	}
}
