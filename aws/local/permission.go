package local

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"orderops/aws/local/wire"
)

// Permission is what a caller's policies have to allow: an IAM action on a resource.
type Permission struct {
	Action string
	// Resource is an ARN, or "*" for a call that is about no single resource.
	Resource string
}

// permissions reads what a call needs from its request, and leaves the body to
// be read again (Service Authorization Reference; for move tasks, "Configure
// dead-letter queue redrive using the API").
func (c *Cloud) permissions(call Call, r *http.Request) []Permission {
	body, err := wire.ReadBody(r)
	if err != nil {
		return nil // the service answers with the error
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	members := jsonMembers(body)
	if call.Service == "lambda" { // REST: /2015-03-31/<kind>/<name>/…
		members = func(name string) string {
			if parts := strings.Split(r.URL.Path, "/"); len(parts) > 3 && parts[2] == name {
				return parts[3]
			}
			return ""
		}
	}
	if form := wire.ReadForm(r); form != nil {
		members = form.Get
	}
	action := strings.TrimSuffix(call.Action(), "Batch") // IAM has no actions for batches of SQS
	var all []Permission
	for _, resource := range c.resources(call, members) {
		all = append(all, Permission{action, resource})
	}
	if call.Service == "sqs" && strings.Contains(action, "MessageMoveTask") {
		queue := all[0].Resource
		all = append(all, Permission{"sqs:GetQueueAttributes", queue})
		if call.Operation != "ListMessageMoveTasks" {
			all = append(all, Permission{"sqs:ReceiveMessage", queue}, Permission{"sqs:DeleteMessage", queue})
		}
		if destination := members("DestinationArn"); destination != "" {
			all = append(all, Permission{"sqs:SendMessage", destination})
		}
	}
	return all
}

// resources are what a call is about, as ARNs. Not every call has one.
func (c *Cloud) resources(call Call, member func(name string) string) []string {
	if tables := member("RequestItems"); call.Service == "dynamodb" && tables != "" {
		var names map[string]json.RawMessage
		_ = json.Unmarshal([]byte(tables), &names) // the service answers with the error
		var all []string
		for name := range names {
			all = append(all, c.resource("dynamodb", "table/", name, ""))
		}
		slices.Sort(all)
		return all
	}
	// The first member that is there names the resource.
	for _, m := range []struct{ service, member, prefix, suffix string }{
		{"sqs", "QueueUrl", "", ""},
		{"sqs", "QueueName", "", ""},
		{"sqs", "SourceArn", "", ""},
		{"sqs", "TaskHandle", "", ""},
		{"states", "executionArn", "", ""},
		{"states", "stateMachineArn", "", ""},
		{"states", "name", "stateMachine:", ""},
		{"dynamodb", "TableName", "table/", ""},
		{"sns", "TopicArn", "", ""},
		{"sns", "SubscriptionArn", "", ""},
		{"sns", "Name", "", ""},
		{"cloudformation", "StackName", "stack/", "/*"},
		{"lambda", "event-source-mappings", "event-source-mapping:", ""},
		{"lambda", "functions", "function:", ""},
		{"logs", "logGroupName", "log-group:", ":log-stream:"},
		{"logs", "logGroupIdentifier", "log-group:", ":log-stream:"},
	} {
		if value := member(m.member); m.service == call.Service && value != "" {
			if index := member("IndexName"); index != "" {
				value += "/index/" + index
			}
			return []string{c.resource(m.service, m.prefix, value, m.suffix)}
		}
	}
	return []string{"*"}
}

// resource makes an ARN of a name, an address, a handle or an ARN.
func (c *Cloud) resource(service, prefix, value, suffix string) string {
	if service == "sqs" {
		var handle struct{ SourceArn string } // a move task's
		if text, err := base64.StdEncoding.DecodeString(value); err == nil && json.Unmarshal(text, &handle) == nil {
			return handle.SourceArn
		}
		value = value[strings.LastIndexByte(value, '/')+1:]
	}
	if strings.HasPrefix(value, "arn:") {
		return value
	}
	return c.identity.ARN(service, prefix+value+suffix)
}

// jsonMembers gives the members of a JSON request: texts as they are, others as JSON.
func jsonMembers(body []byte) func(name string) string {
	var raw map[string]json.RawMessage
	_ = json.Unmarshal(body, &raw) // the service answers with the error
	return func(name string) string {
		var text string
		if json.Unmarshal(raw[name], &text) == nil {
			return text
		}
		return string(raw[name])
	}
}

// Roles gives the policy documents of every role that a template made, by the
// role's name. The name is also the access key of the functions that run with it.
func (c *Cloud) Roles() map[string][][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.roles)
}

// roleName takes the name out of a role's ARN.
func roleName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// denial is a refusal that Step Functions knows by a name of its own.
type denial struct{ refusal *wire.Error }

func (d denial) Error() string { return d.refusal.Message }

func (d denial) Unwrap() error { return d.refusal }

// ErrorType is what a Task fails with whose role may not call its function.
func (denial) ErrorType() string { return "Lambda.AWSLambdaException" }

// permitted asks Permit whether a service may do all of the actions on a
// resource for the role that it acts with. What signed requests may do is for Intercept.
func (c *Cloud) permitted(roleARN, resource string, actions ...string) error {
	for _, action := range actions {
		need := Permission{Action: action, Resource: resource}
		if c.permit != nil && !c.permit(roleName(roleARN), need) {
			return denial{&wire.Error{
				Status: http.StatusForbidden, Type: "AccessDenied",
				Message: roleARN + " is not authorized to perform: " + action + " on resource: " + resource,
			}}
		}
	}
	return nil
}
