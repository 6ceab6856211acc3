package aws_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/fxamacker/cbor/v2"

	"orderops/aws"
	"orderops/aws/policy"
	"orderops/workflow"
	"orderops/workflow/doctor"
)

// wing answers in AWS's wire formats what the local AWS has no room for: IAM,
// alarms, Lambda's limits. Everything else goes on to the local AWS.
type wing struct {
	rest awssdk.HTTPClient
	// allowed are the policies of the caller; simulating says whether IAM may be asked.
	allowed    policy.Policy
	simulating bool
	asked      map[string]int
}

// caller is a session whose role has a path that the session does not tell.
const (
	caller     = "arn:aws:sts::000000000000:assumed-role/Operator/ann"
	callerRole = "arn:aws:iam::000000000000:role/team/Operator"
)

func (w *wing) Do(r *http.Request) (*http.Response, error) {
	service := strings.Split(r.Header.Get("Authorization"), "/")
	answer := httptest.NewRecorder()
	switch {
	case len(service) > 3 && service[3] == "iam":
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		w.asked["iam:"+form.Get("Action")]++
		w.iam(answer, form)
	case len(service) > 3 && service[3] == "sts":
		answer.Header().Set("Content-Type", "text/xml")
		_, _ = fmt.Fprintf(answer, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>%s</Arn><UserId>AROA:ann</UserId><Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, caller)
	case strings.HasSuffix(r.URL.Path, "/operation/DescribeAlarms"):
		answer.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		answer.Header().Set("Content-Type", "application/cbor")
		_, _ = answer.Write(alarms())
	case strings.HasPrefix(r.URL.Path, "/2016-08-19/account-settings"):
		_, _ = io.WriteString(answer, `{"AccountLimit":{"ConcurrentExecutions":1000,"UnreservedConcurrentExecutions":900},"AccountUsage":{"FunctionCount":5}}`)
	case strings.HasSuffix(r.URL.Path, "/concurrency"):
		_, _ = io.WriteString(answer, `{"ReservedConcurrentExecutions":2}`)
	default:
		return w.rest.Do(r)
	}
	return answer.Result(), nil
}

func (w *wing) iam(answer *httptest.ResponseRecorder, form url.Values) {
	answer.Header().Set("Content-Type", "text/xml")
	refuse := func(action string) {
		answer.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(answer, `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: %s is not authorized to perform: iam:%s on resource: %s because no identity-based policy allows the iam:%s action</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`, caller, action, callerRole, action)
	}
	switch action := form.Get("Action"); {
	case !w.simulating:
		refuse(action)
	case action == "GetRole":
		_, _ = fmt.Fprintf(answer, `<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Path>/team/</Path><RoleName>%s</RoleName><RoleId>AROA</RoleId><Arn>%s</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>`, form.Get("RoleName"), callerRole)
	case form.Get("PolicySourceArn") != callerRole:
		refuse(action)
	default:
		var results strings.Builder
		for _, name := range members(form, "ActionNames") {
			worst, specific := "allowed", ""
			for _, resource := range members(form, "ResourceArns") {
				decision := "allowed"
				if !w.allowed.Allows(name, resource) {
					decision, worst = "implicitDeny", "implicitDeny"
				}
				specific += fmt.Sprintf(`<member><EvalResourceName>%s</EvalResourceName><EvalResourceDecision>%s</EvalResourceDecision></member>`, resource, decision)
			}
			fmt.Fprintf(&results, `<member><EvalActionName>%s</EvalActionName><EvalResourceName>*</EvalResourceName><EvalDecision>%s</EvalDecision><ResourceSpecificResults>%s</ResourceSpecificResults></member>`, name, worst, specific)
		}
		_, _ = fmt.Fprintf(answer, `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>%s</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`, results.String())
	}
}

// members are a list of the query protocol.
func members(form url.Values, name string) (list []string) {
	for i := 1; form.Has(fmt.Sprintf("%s.member.%d", name, i)); i++ {
		list = append(list, form.Get(fmt.Sprintf("%s.member.%d", name, i)))
	}
	return list
}

// alarms are three of an account: on visible dead letters, on the sum, and on
// another queue.
func alarms() []byte {
	metric := func(name, queue string) map[string]any {
		return map[string]any{"Namespace": "AWS/SQS", "MetricName": name, "Dimensions": []any{map[string]any{"Name": "QueueName", "Value": queue}}}
	}
	simple := func(name, queue string) map[string]any {
		a := metric(workflow.VisibleMetric, queue)
		a["AlarmName"], a["StateValue"] = name, "ALARM"
		return a
	}
	query := func(id, name string) map[string]any {
		return map[string]any{"Id": id, "ReturnData": false, "MetricStat": map[string]any{"Metric": metric(name, "OrderDeathLetterQueue"), "Period": 60, "Stat": "Maximum"}}
	}
	encoded, err := cbor.Marshal(map[string]any{"MetricAlarms": []any{
		simple("letters-visible", "OrderDeathLetterQueue"),
		map[string]any{"AlarmName": "letters-all", "StateValue": "OK", "Metrics": []any{
			map[string]any{"Id": "sum", "Expression": "a + b"}, query("a", workflow.VisibleMetric), query("b", workflow.HiddenMetric),
		}},
		simple("others", "OtherQueue"),
	}})
	if err != nil {
		panic(err)
	}
	return encoded
}

// facts are what the doctor reads through a wing.
func (b *bench) facts(w *wing, tier policy.Tier) []doctor.Finding {
	b.Helper()
	w.rest, w.asked = b.cloud.HTTPClient(), map[string]int{}
	s, err := aws.Connect(b.Context(), inRegion(), aws.Options{
		HTTPClient: w, Credentials: credentials.NewStaticCredentialsProvider(accessKey, "secret", ""),
	})
	if err != nil {
		b.Fatal(err)
	}
	facts := s.Facts(b.Context(), string(tier))
	// The small system has no consumer, whose limits are read all the same.
	facts.Consumer.Value, facts.Consumer.Err = workflow.Consumer{UUID: "u", Function: "OrderConsumer", State: "Enabled"}, nil
	facts.Concurrency.Value, facts.Concurrency.Err = s.Consumer.Concurrency(b.Context(), "OrderConsumer")
	return doctor.Examine(facts)
}

// policyOf are the policies of somebody who may do what a tier may.
func (b *bench) policyOf(tier policy.Tier) policy.Policy {
	b.Helper()
	document, err := b.session(inRegion()).Policy(b.Context(), string(tier))
	if err != nil {
		b.Fatal(err)
	}
	p, err := policy.Parse(document)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func find(findings []doctor.Finding, part string) (doctor.Finding, bool) {
	for _, f := range findings {
		if strings.Contains(f.What, part) {
			return f, true
		}
	}
	return doctor.Finding{}, false
}

func TestDoctorAsksWhatTheTierMayDo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		has  policy.Tier
		asks policy.Tier
		want string
	}{
		{"the operator as operator", policy.Operator, policy.Operator, "the policies of " + callerRole + " allow the "},
		{"the reader as operator", policy.ReadOnly, policy.Operator, "sqs:StartMessageMoveTask is not allowed on arn:aws:sqs:us-east-1:000000000000:OrderDeathLetterQueue"},
		{"the operator as admin", policy.Operator, policy.Admin, "sqs:SetQueueAttributes is not allowed on arn:aws:sqs:us-east-1:000000000000:OrderQueue, arn:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(b *bench) {
				b.deploy("shop", whole())
				w := &wing{allowed: b.policyOf(test.has), simulating: true}
				findings := b.facts(w, test.asks)
				f, ok := find(findings, test.want)
				if allowed := test.has == test.asks; !ok || (f.State == doctor.Good) != allowed || !allowed && (f.Why == "" || !strings.Contains(f.Fix, "orderops iam "+string(test.asks))) {
					b.Errorf("got %+v of %+v", f, findings)
				}
				if w.asked["iam:SimulatePrincipalPolicy"] < 5 {
					b.Errorf("IAM was asked %v", w.asked)
				}
			})
		})
	}
}

func TestDoctorSaysWhatItCouldNotCheck(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.deploy("shop", whole())
		for _, f := range []struct {
			findings []doctor.Finding
			part     string
		}{
			{b.facts(&wing{}, policy.Operator), "what the tier operator needs: iam:SimulatePrincipalPolicy: the identity lacks the permission iam:SimulatePrincipalPolicy"},
			{doctor.Examine(b.session(inRegion()).Facts(b.Context(), "operator")), "IAM simulates no policies for"},
			{doctor.Examine(b.session(inRegion()).Facts(b.Context(), "operator")), "alarms on dead letters: cloudwatch:DescribeAlarms:"},
		} {
			got, ok := find(f.findings, f.part)
			if !ok || got.State != doctor.NotChecked {
				b.Errorf("%q: got %+v of %+v", f.part, got, f.findings)
			}
		}
	})
}

func TestDoctorReadsAlarmsAndLimits(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.deploy("shop", whole())
		findings := b.facts(&wing{}, policy.Operator)
		for part, state := range map[string]doctor.State{
			"letters-visible (alarm) counts visible dead letters only":      doctor.Notice,
			"letters-all (ok) also holds while dead letters are inspected":  doctor.Good,
			"OrderConsumer has a reserved concurrency of 2, Lambda begins":  doctor.Notice,
			"order queue: 0 of 120000 messages in flight":                   doctor.Good,
			"state transitions: CloudWatch has no figures of the last hour": doctor.NotChecked,
			"dead-letter queue: 0 of 120000 messages in flight":             doctor.Good,
		} {
			if f, ok := find(findings, part); !ok || f.State != state {
				b.Errorf("%q: got %+v of %+v", part, f, findings)
			}
		}
		if f, ok := find(findings, "others"); ok {
			b.Errorf("another queue's alarm is told: %+v", f)
		}
	})
}
