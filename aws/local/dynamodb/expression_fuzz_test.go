package dynamodb

import (
	"errors"
	"maps"
	"reflect"
	"testing"

	"orderops/aws/local/wire"
)

func FuzzExpressions(f *testing.F) {
	for _, seed := range []string{
		"a = :s AND NOT (b.c[1] <> :n OR size(d) BETWEEN :n AND :n)", "attribute_not_exists(#s)", "SET #s = :s, a = if_not_exists(a, :n) + :n, l = list_append(l, :l) REMOVE b, c", "a, #s, tags", "contains(tags, :s) or a in (:s, :n)",
		"SET a = if_not_exists(a, :n) + :n, l = list_append(l, :l) REMOVE b[0], c ADD n :n DELETE t :set", "a, b.c, l[0].#s", "user_id = :s AND begins_with(id, :s)",
		"((((a", "SET a = ((:n", "a[99999999999999999999]", "\x00\xff",
	} {
		f.Add(seed)
	}
	const values = `{":n":{"N":"1"}, ":s":{"S":"x"}, ":l":{"L":[]}, ":set":{"SS":["b"]}}`
	f.Fuzz(func(t *testing.T, text string) {
		i := fields(t, orderItem)
		refused := func(err error) bool {
			if err == nil {
				return false
			}
			if e, ok := errors.AsType[*wire.Error](err); !ok || e.Code() != "ValidationException" {
				t.Fatalf("%q: %v", text, err)
			}
			return true
		}
		p := parserOf(t, values)
		if n := p.condition("ConditionExpression", &text); !refused(p.err) {
			if n.holds(i) != n.holds(maps.Clone(i)) {
				t.Fatalf("%q depends on more than the item", text)
			}
		}
		p = parserOf(t, values)
		if actions := p.update(&text); !refused(p.err) {
			_, err := apply(actions, i, nil)
			refused(err)
			if !reflect.DeepEqual(i, fields(t, orderItem)) {
				t.Fatalf("%q changed the old item", text)
			}
		}
	})
}
