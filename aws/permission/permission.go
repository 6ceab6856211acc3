// Package permission is the operator's adapter of IAM: it asks what an identity
// may do, and changes nothing.
package permission

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"orderops/workflow"
)

// Client asks IAM. It is safe for concurrent use.
type Client struct{ iam *iam.Client }

// New makes a client from the operator's configuration.
func New(cfg awssdk.Config) *Client { return &Client{iam: iam.NewFromConfig(cfg)} }

// Source is the ARN that policies are attached to, of a caller's: a session's is
// its role. "" without an error tells that nothing can be asked about this caller.
func (c *Client) Source(ctx context.Context, caller string) (string, error) {
	parts := strings.SplitN(caller, ":", 6)
	if len(parts) < 6 {
		return "", nil
	}
	kind, rest, _ := strings.Cut(parts[5], "/")
	switch kind {
	case "user", "role":
		return caller, nil
	case "assumed-role":
	default: // the root user, which no policy limits, and federated users
		return "", nil
	}
	name, _, _ := strings.Cut(rest, "/")
	// A session does not tell the path of its role.
	out, err := c.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	switch {
	case err == nil:
		return awssdk.ToString(out.Role.Arn), nil
	case workflow.KindOf(err) == workflow.Forbidden:
		return "arn:" + parts[1] + ":iam::" + parts[4] + ":role/" + pathOf(name) + name, nil
	}
	return "", workflow.ProblemOf(err, "iam:GetRole", name)
}

// pathOf is the path of a role that nobody may be asked for: IAM Identity Center
// keeps its own below one, everybody else's have none as a rule.
func pathOf(name string) string {
	if strings.HasPrefix(name, "AWSReservedSSO_") {
		return "aws-reserved/sso.amazonaws.com/"
	}
	return ""
}

// Denied are the actions of which the policies of source allow not all of these
// resources, each with the resources that are left out. Policies of the resources
// themselves are not asked.
func (c *Client) Denied(ctx context.Context, source string, actions, resources []string) (map[string][]string, error) {
	denied := map[string][]string{}
	input := &iam.SimulatePrincipalPolicyInput{PolicySourceArn: &source, ActionNames: actions, ResourceArns: resources}
	for pages := iam.NewSimulatePrincipalPolicyPaginator(c.iam, input); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, workflow.ProblemOf(err, "iam:SimulatePrincipalPolicy", source)
		}
		for _, r := range page.EvaluationResults {
			action := awssdk.ToString(r.EvalActionName)
			if len(r.ResourceSpecificResults) == 0 && r.EvalDecision != types.PolicyEvaluationDecisionTypeAllowed {
				denied[action] = append(denied[action], awssdk.ToString(r.EvalResourceName))
			}
			for _, on := range r.ResourceSpecificResults {
				if on.EvalResourceDecision != types.PolicyEvaluationDecisionTypeAllowed {
					denied[action] = append(denied[action], awssdk.ToString(on.EvalResourceName))
				}
			}
		}
	}
	return denied, nil
}
