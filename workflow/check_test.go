package workflow_test

import (
	"strings"
	"testing"

	"orderops/workflow"
)

func TestChecks(t *testing.T) {
	t.Parallel()
	quantity, user := workflow.CheckQuantity, workflow.CheckUserID
	order := func(s string) error { return workflow.CheckOrderID(workflow.OrderID(s)) }
	for name, c := range map[string]struct {
		check func(string) error
		value string
		want  string // "" means valid
	}{
		"least quantity":      {quantity, "1", ""},
		"most quantity":       {quantity, "999", ""},
		"no quantity":         {quantity, "", "is empty, must be a whole number from 1 to 999"},
		"zero":                {quantity, "0", `is "0", must be a whole number from 1 to 999`},
		"too many":            {quantity, "1000", `is "1000", must be a whole number from 1 to 999`},
		"sign":                {quantity, "+3", `is "+3", must be a whole number from 1 to 999`},
		"leading zero":        {quantity, "03", `is "03", must be a whole number from 1 to 999`},
		"space":               {quantity, " 3", `is " 3", must be a whole number from 1 to 999`},
		"other digits":        {quantity, "٣", `is "٣", must be a whole number from 1 to 999`},
		"fraction":            {quantity, "1.5", `is "1.5", must be a whole number from 1 to 999`},
		"long quantity":       {quantity, strings.Repeat("9", 50), `is "` + strings.Repeat("9", 40) + `…", must be a whole number from 1 to 999`},
		"user":                {user, "Bürger 20", ""},
		"longest user":        {user, strings.Repeat("ü", 256), ""},
		"long user":           {user, strings.Repeat("ü", 257), "has 257 characters, must have at most 256"},
		"no user":             {user, "", "is empty"},
		"C1 control":          {user, "a\u009b", "contains the control character U+009B"},
		"line break":          {user, "a\nb", "contains the control character U+000A"},
		"broken user":         {user, "a\xff", "is not UTF-8"},
		"restaurant":          {workflow.CheckRestaurantID, "", "is empty"},
		"uuid":                {order, "3f0c2c4e-0000-4000-8000-0123456789ab", ""},
		"longest order id":    {order, strings.Repeat("a", 80), ""},
		"no order id":         {order, "", "is empty"},
		"long order id":       {order, strings.Repeat("a", 81), "has 81 characters, must have at most 80"},
		"colon in order id":   {order, "a:b", "contains ':', which the name of an execution must not"},
		"escape in order id":  {order, "\x1b", `contains '\x1b', which the name of an execution must not`},
		"no UTF-8 order id":   {order, "\xff", "contains '�', which the name of an execution must not"},
		"white space order":   {order, "a b", "contains ' ', which the name of an execution must not"},
		"backslash order id":  {order, `a\b`, `contains '\\', which the name of an execution must not`},
		"back quote order id": {order, "a`b", "contains '`', which the name of an execution must not"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := c.check(c.value); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
