package policy_test

import (
	"strings"
	"testing"

	"orderops/aws/policy"
)

const (
	queue     = "arn:aws:sqs:eu-west-1:123456789012:OrderQueue"
	dead      = "arn:aws:sqs:eu-west-1:123456789012:OrderDeathLetterQueue"
	execution = "arn:aws:states:eu-west-1:123456789012:execution:OrderStateMachine:1"
)

func TestAllows(t *testing.T) {
	t.Parallel()
	const operator = `{"Version": "2012-10-17", "Statement": [
		{"Sid": "read", "Effect": "Allow", "Action": ["sqs:Get*", "states:DescribeExecution"], "Resource": "*"},
		{"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": ["` + dead + `"]},
		{"Effect": "Allow", "Action": "states:*Execution", "Resource": "arn:aws:states:*:123456789012:execution:Order?tateMachine:*"}]}`
	const guard = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "states:StopExecution", "Resource": "*"}}`
	for _, test := range []struct {
		action, resource string
		want             bool
	}{
		{"sqs:GetQueueAttributes", queue, true},
		{"sqs:getqueueattributes", queue, true},
		{"sqs:ReceiveMessage", dead, true},
		{"sqs:ReceiveMessage", queue, false},
		{"sqs:ReceiveMessage", strings.ToLower(dead), false},
		{"sqs:ReceiveMessage", "*", false},
		{"sqs:SendMessage", queue, false},
		{"states:RedriveExecution", execution, true},
		{"states:RedriveExecution", strings.Replace(execution, "OrderState", "OtherState", 1), false},
		{"states:StopExecution", execution, false},
		{"states:RedriveExecutionNow", execution, false},
	} {
		p, err := policy.Parse([]byte(operator), []byte(guard))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Allows(test.action, test.resource); got != test.want {
			t.Errorf("%s on %s: %t", test.action, test.resource, got)
		}
	}
	if (policy.Policy{}).Allows("sqs:GetQueueUrl", queue) {
		t.Error("no policy allows something")
	}
}

func TestParseRefusesWhatItCannotDecide(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ statement, says string }{
		"condition":    {`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}`, `unknown field "Condition"`},
		"not action":   {`{"Effect": "Allow", "NotAction": "*", "Resource": "*"}`, `unknown field "NotAction"`},
		"not resource": {`[{"Effect": "Allow", "Action": "*", "NotResource": "*"}]`, `unknown field "NotResource"`},
		"principal":    {`{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}`, `unknown field "Principal"`},
		"effect":       {`{"Effect": "allow", "Action": "*", "Resource": "*"}`, `its Effect is "allow"`},
		"no action":    {`[{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Allow", "Resource": "*"}]`, "statement 2: it has no Action"},
		"no resource":  {`{"Effect": "Allow", "Action": "*"}`, "it has no Resource"},
		"variable":     {`{"Effect": "Allow", "Action": "*", "Resource": "arn:${aws:username}"}`, "the variable"},
		"number":       {`{"Effect": "Allow", "Action": 1, "Resource": "*"}`, "cannot unmarshal number"},
		"two":          {`[]} {`, "behind its end"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": ` + test.statement + `}`))
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want %q", err, test.says)
			}
		})
	}
	if _, err := policy.Parse([]byte(`{"Statement": []}`)); err == nil || !strings.Contains(err.Error(), "Version") {
		t.Errorf("without a version: %v", err)
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"*", "", true},
		{"?", "", false},
		{"a*b*c", "a-b-b-c", true},
		{"a*b*c", "a-b-b-d", false},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"*", "a:b/c", true},
		{"**a", "aaa", true},
		{"a", "ab", false},
	} {
		if got := policy.Matches(test.pattern, test.text); got != test.want {
			t.Errorf("%q with %q: %t", test.pattern, test.text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "a*?", "Resource": ["*"]}}`, "a:b", "c")
	f.Fuzz(func(_ *testing.T, document, action, resource string) {
		if p, err := policy.Parse([]byte(document)); err == nil {
			p.Allows(action, resource)
		}
	})
}
