package aws

import (
	"context"
	"errors"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"

	"orderops/workflow"
)

// credentialsError marks a failure to get credentials, which the SDK's own
// errors don't tell apart by type.
type credentialsError struct{ err error }

func (e *credentialsError) Error() string { return "get credentials: " + e.err.Error() }
func (e *credentialsError) Unwrap() error { return e.err }

// markedCredentials marks the errors of another provider.
type markedCredentials struct{ awssdk.CredentialsProvider }

// Retrieve gives the other provider's credentials.
func (m markedCredentials) Retrieve(ctx context.Context) (awssdk.Credentials, error) {
	c, err := m.CredentialsProvider.Retrieve(ctx)
	if err != nil {
		return c, &credentialsError{err: err}
	}
	return c, nil
}

// refused tells that AWS did not accept the credentials.
func (m markedCredentials) refused() {
	if r, ok := m.CredentialsProvider.(*renewable); ok {
		r.refused()
	}
}

// unchecked are credentials for a local endpoint on a machine that has none:
// such an endpoint checks no signatures, but the SDK signs every request.
func unchecked() awssdk.CredentialsProvider {
	return credentials.NewStaticCredentialsProvider("orderops", "orderops", "")
}

// secondFactor asks the operator for the code that a profile's mfa_serial wants.
func secondFactor(prompt workflow.Prompt) func(*stscreds.AssumeRoleOptions) {
	return func(o *stscreds.AssumeRoleOptions) {
		device := awssdk.ToString(o.SerialNumber)
		o.TokenProvider = func() (string, error) {
			code, err := prompt("MFA code of " + device)
			if err != nil {
				return "", &noCodeError{device: device, err: err}
			}
			return code, nil
		}
	}
}

// noCodeError tells that nobody gave the code of a second factor.
type noCodeError struct {
	device string
	err    error
}

func (e *noCodeError) Error() string { return "no MFA code was given: " + e.err.Error() }
func (e *noCodeError) Unwrap() error { return e.err }

// explainCredentials explains a call for which no credentials were found.
func (e explainer) explainCredentials(err error, p *workflow.Problem) bool {
	if _, ok := errors.AsType[*credentialsError](err); !ok {
		return false
	}
	if errors.Is(err, context.Canceled) {
		return false
	}
	p.Kind = workflow.Unauthenticated
	p.Reason, p.Next = "no AWS credentials were found", e.signIn()
	if e.profile != "" {
		p.Reason = "the profile " + e.profile + " gave no credentials"
	}
	switch {
	case e.sso:
		p.Reason, p.Next = "the sign-in"+of(e.profile)+" has expired, or was never made", "Run `aws sso login"+e.profileFlag()+"`"
	case e.process:
		p.Reason += ": its credential_process failed"
		p.Next = "Run what credential_process says in ~/.aws/config by hand, and see what it answers"
	}
	if missing, ok := errors.AsType[*noCodeError](err); ok {
		p.Reason, p.Next = "the MFA code of "+missing.device+" is needed, and none was given", "Try again with the code that the device shows"
	}
	if _, ok := errors.AsType[*ssocreds.InvalidTokenError](err); ok {
		p.Reason, p.Next = "the sign-in has expired", "Run `aws sso login"+e.profileFlag()+"`"
	}
	return true
}

func (e explainer) signIn() string {
	return "Run `aws sso login" + e.profileFlag() + "` if you sign in by IAM Identity Center, else `aws configure" + e.profileFlag() + "`"
}

func of(profile string) string {
	if profile == "" {
		return ""
	}
	return " of the profile " + profile
}

// explainerOf knows how the configuration signs in.
func explainerOf(cfg awssdk.Config, profile, endpoint string) explainer {
	e := explainer{profile: profile, endpoint: endpoint}
	for _, source := range cfg.ConfigSources {
		shared, ok := source.(awsconfig.SharedConfig)
		if !ok {
			continue
		}
		if e.profile == "" && shared.Profile != "default" { // named by AWS_PROFILE
			e.profile = shared.Profile
		}
		e.sso = shared.SSOSessionName != "" || shared.SSOStartURL != ""
		e.process = shared.CredentialProcess != ""
	}
	return e
}

func (e explainer) profileFlag() string {
	if e.profile == "" {
		return ""
	}
	return " --profile " + e.profile
}

// explainConfiguration explains why the shared configuration could not be loaded.
func explainConfiguration(err error, profile string) error {
	p := &workflow.Problem{
		Kind: workflow.Invalid, Operation: "read the AWS configuration", Reason: leaf(err).Error(),
		Next: "Check ~/.aws/config and ~/.aws/credentials", Err: err,
	}
	if _, ok := errors.AsType[awsconfig.AssumeRoleTokenProviderNotSetError](err); ok {
		p.Target, p.Reason = profile, "the profile asks for an MFA code, and there is no terminal to ask for it"
		p.Next = "Run it in a terminal, or hand over temporary credentials of `aws sts get-session-token`"
	}
	if missing, ok := errors.AsType[awsconfig.SharedConfigProfileNotExistError](err); ok {
		p.Target, p.Reason = profile, "this profile does not exist"
		if profile == "" {
			p.Target = missing.Profile
		}
		p.Next = "Run `aws configure list-profiles` to see which do, or `aws configure --profile NAME` to make one"
	}
	return p
}
