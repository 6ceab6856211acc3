package dynamodb

import (
	"errors"
	"testing"

	"orderops/aws/local/wire"
)

func FuzzExpressions(f *testing.F) {
	for _, seed := range []string{
		"a = :s AND NOT (b.c[1] <> :n OR size(d) BETWEEN :n AND :n)", "attribute_not_exists(#s)", "contains(tags, :s) or a in (:s, :n)",
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
		s := scopeOf(t, values)
		if c, err := s.condition(expression{"ConditionExpression", &text}); !refused(err) {
			if c.holds(i) == (&condition{op: "NOT", parts: []*condition{c}}).holds(i) {
				t.Fatalf("%q and its opposite agree", text)
			}
		}
		if paths, err := s.projection(&text); !refused(err) {
			projected := project(i, paths)
			if again := project(i, paths); !equalItems(projected, again) {
				t.Fatalf("%q: %v, then %v", text, projected, again)
			}
		}
		if u, err := s.update(&text); !refused(err) {
			_, err := u.apply(i)
			refused(err)
			if !equalItems(i, fields(t, orderItem)) {
				t.Fatalf("%q changed the old item", text)
			}
		}
	})
}
