package local

import (
	"maps"
	"net/http"
	"strings"

	"orderops/aws/local/wire"
)

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
