package logs

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

type test func(message string) bool

// parsePattern reads a filter pattern: "" for everything, words and "phrases"
// that must all occur, or a JSON pattern { $.a.b = "x*" && $.c != y || … } over
// texts. What else the filter language has is refused.
func parsePattern(pattern string) (test, error) {
	pattern = strings.TrimSpace(pattern)
	if inner, ok := strings.CutPrefix(pattern, "{"); ok {
		inner, ok = strings.CutSuffix(inner, "}")
		if !ok {
			return nil, fmt.Errorf("a JSON pattern ends with }")
		}
		return parseEither(inner)
	}
	words := regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(pattern, -1)
	for i, word := range words {
		if strings.ContainsAny(word[:1], "?-%[&|=!(") {
			return nil, fmt.Errorf("the local AWS filters by words and JSON only, not by %q", word)
		}
		words[i] = strings.Trim(word, `"`)
	}
	return func(message string) bool {
		for _, word := range words {
			if !strings.Contains(message, word) {
				return false
			}
		}
		return true
	}, nil
}

// parseEither reads comparisons joined by && and ||, of which && binds tighter.
func parseEither(pattern string) (test, error) {
	var either [][]comparison
	for one := range strings.SplitSeq(pattern, "||") {
		var all []comparison
		for part := range strings.SplitSeq(one, "&&") {
			m := regexp.MustCompile(`^\s*\$\.([\w.]+)\s*(=|!=)\s*("[^"]*"|[^\s"()]+)\s*$`).FindStringSubmatch(part)
			if m == nil {
				return nil, fmt.Errorf("the local AWS compares $.member with = or !=, not %q", strings.TrimSpace(part))
			}
			all = append(all, comparison{strings.Split(m[1], "."), m[2] == "!=", strings.Trim(m[3], `"`)})
		}
		either = append(either, all)
	}
	return func(message string) bool {
		var record any
		if json.Unmarshal([]byte(message), &record) != nil {
			return false
		}
		for _, all := range either {
			met := 0
			for _, c := range all {
				if c.met(record) {
					met++
				}
			}
			if met == len(all) {
				return true
			}
		}
		return false
	}, nil
}

type comparison struct {
	path   []string
	negate bool
	value  string
}

// met compares; a member that is missing meets nothing.
func (c comparison) met(record any) bool {
	for _, name := range c.path {
		object, ok := record.(map[string]any)
		if !ok {
			return false
		}
		if record, ok = object[name]; !ok {
			return false
		}
	}
	return like(c.value, fmt.Sprint(record)) != c.negate
}

// like compares with a text that may begin or end with a * for anything.
func like(want, have string) bool {
	core, before := strings.CutPrefix(want, "*")
	core, behind := strings.CutSuffix(core, "*")
	switch {
	case before && behind:
		return strings.Contains(have, core)
	case before:
		return strings.HasSuffix(have, core)
	case behind:
		return strings.HasPrefix(have, core)
	}
	return have == want
}
