package apigateway

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// schema is a JSON schema, as far as the local API Gateway knows it. Its texts
// are those of the validator that API Gateway uses, which names a field only
// where it is missing or unknown.
type schema struct {
	Type                 string
	Required             []string
	Properties           map[string]*schema
	AdditionalProperties *bool
	Pattern              string

	pattern *regexp.Regexp
}

// compile prepares the patterns, which are those of JavaScript.
func (s *schema) compile() (err error) {
	escape := regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)
	if s.pattern, err = regexp.Compile(escape.ReplaceAllString(s.Pattern, `\x{$1}`)); err != nil {
		return fmt.Errorf("the local AWS does not know this pattern: %w", err)
	}
	for _, p := range s.Properties {
		if err := p.compile(); err != nil {
			return err
		}
	}
	return nil
}

// problems tells what is wrong with a value. Members are looked at when the
// object itself is right.
func (s *schema) problems(value any) []string {
	if kind := kindOf(value); s.Type != "" && kind != s.Type {
		return []string{fmt.Sprintf("instance type (%s) does not match any allowed primitive type (allowed: [%q])", kind, s.Type)}
	}
	switch v := value.(type) {
	case string:
		if !s.pattern.MatchString(v) {
			return []string{fmt.Sprintf("ECMA 262 regex %s does not match input string %s", encode(s.Pattern), encode(v))}
		}
	case map[string]any:
		return s.members(v)
	}
	return nil
}

func (s *schema) members(object map[string]any) (problems []string) {
	var unknown []string
	missing := slices.DeleteFunc(slices.Sorted(slices.Values(s.Required)), func(name string) bool {
		_, ok := object[name]
		return ok
	})
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if s.Properties[name] == nil && s.AdditionalProperties != nil && !*s.AdditionalProperties {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		problems = append(problems, "object instance has properties which are not allowed by the schema: "+encode(unknown))
	}
	if len(missing) > 0 {
		problems = append(problems, "object has missing required properties ("+encode(missing)+")")
	}
	if len(problems) > 0 {
		return problems
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if value, ok := object[name]; ok {
			problems = append(problems, s.Properties[name].problems(value)...)
		}
	}
	return problems
}

// kindOf is the JSON schema's name of a value's type.
func kindOf(value any) string {
	switch v := value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "number"
		}
		return "integer"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "null"
}
