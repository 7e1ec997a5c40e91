-- Accounts of the sign-in provider: the hash of issuer and subject.

ALTER TABLE account ADD COLUMN openid TEXT;
CREATE UNIQUE INDEX account_by_openid ON account (openid);
